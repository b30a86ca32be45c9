/** @file The book's theme: that of VitePress, with the page's colours, and what can be tried. Appendix C. */
import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme-without-fonts';
import '../../../web/style.css?book';
import './style.css';
import BookLayout from './BookLayout.vue';
import BookWidget from './BookWidget.vue';

export default {
  extends: DefaultTheme,
  Layout: BookLayout,
  enhanceApp({ app }) {
    app.component('BookWidget', BookWidget);
  },
} satisfies Theme;
