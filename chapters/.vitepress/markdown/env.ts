/** @file What VitePress tells a Markdown rule about the page, as far as the book's rules ask. Appendix C. */

export interface PageEnv {
  /** Below chapters/, with what `rewrites` says: `01-karel.md`. */
  readonly relativePath?: string;
  /** Whether the text is rendered for the search alone. */
  readonly searching?: boolean;
}
