/** @file The page. Appendix C. */
import './address-bar.ts';
import { createApp } from 'vue';
import App from './App.vue';
import ClaimTable from './figures/ClaimTable.vue';
import FigureView from './figures/FigureView.vue';
import Verdict from './figures/Verdict.vue';
import PaperTable from './story/PaperTable.vue';
import SampleWorlds from './story/SampleWorlds.vue';
import Term from './story/Term.vue';
import './style.css';

createApp(App)
  .component('Figure', FigureView)
  .component('Verdict', Verdict)
  .component('Term', Term)
  .component('Sample', SampleWorlds)
  .component('PaperTable', PaperTable)
  .component('Claims', ClaimTable)
  .mount('#app');
