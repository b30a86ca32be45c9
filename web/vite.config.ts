/** @file How the page is built: one HTML file with all of its script and style inside. Appendix C. */
import { createHash } from 'node:crypto';
import vue from '@vitejs/plugin-vue';
import MarkdownIt from 'markdown-it';
import { defineConfig, type Plugin } from 'vite';

/** Markdown as a Vue template: components stand in it as tags, as in VitePress. */
function markdown(): Plugin {
  const renderer = new MarkdownIt({ html: true, typographer: true });
  return {
    name: 'karelscope-markdown',
    enforce: 'pre',
    transform: (source, id) =>
      id.endsWith('.md') ? `<template><div class="prose">${renderer.render(source)}</div></template>` : undefined,
  };
}

/**
 * Puts script and style into the HTML file, which then works from a disk as well: a browser loads no module from `file:`. The
 * content policy names the script by its digest, so that no other can run, and lets checkpoints be loaded from beside the page.
 */
function oneFile(): Plugin {
  return {
    name: 'karelscope-one-file',
    enforce: 'post',
    generateBundle(_, bundle) {
      const all = Object.values(bundle);
      const script = all.find((file) => file.type === 'chunk')!;
      const style = all.find((file) => file.fileName.endsWith('.css'));
      const html = all.find((file) => file.fileName.endsWith('.html'));
      if (html?.type !== 'asset') throw new Error('the page has no HTML file');
      // Neither may end its element early.
      const code = (script.type === 'chunk' ? script.code : '').replaceAll('</script', '<\\/script');
      const css = style?.type === 'asset' ? String(style.source) : '';
      const digest = createHash('sha256').update(code).digest('base64');
      const policy = [
        "default-src 'none'",
        `script-src 'sha256-${digest}' 'self' file: blob: 'wasm-unsafe-eval'`,
        'worker-src blob:',
        "style-src 'unsafe-inline'",
        'img-src data: blob:',
        "base-uri 'none'",
        "form-action 'none'",
      ].join('; ');
      html.source = String(html.source)
        .replace(/<script type="module"[^>]*><\/script>/, '')
        .replace(/<link rel="stylesheet"[^>]*>/, '')
        .replace('<!-- policy -->', () => `<meta http-equiv="Content-Security-Policy" content="${policy}">`)
        .replace('<!-- style -->', () => `<style>${css}</style>`)
        .replace('<!-- script -->', () => `<script>${code}</script>`);
      for (const name of Object.keys(bundle)) if (bundle[name] !== html) delete bundle[name];
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [markdown(), vue({ include: [/\.vue$/, /\.md$/] }), oneFile()],
  define: { __VUE_OPTIONS_API__: false, __VUE_PROD_DEVTOOLS__: false },
  worker: { format: 'iife' },
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    target: 'es2022',
    cssCodeSplit: false,
    modulePreload: false,
    assetsInlineLimit: 100_000_000,
    rollupOptions: { output: { format: 'iife' } },
  },
});
