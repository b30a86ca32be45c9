/** @file Imported first by the page, so that whatever it shows is what the address asks for. Appendix C. */
import { useAddressBar } from './address.ts';

useAddressBar();
