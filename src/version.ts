/** @file The version of the package, which stands in every manifest. Appendix B. */

/** As in `package.json`; a test compares them. */
export const VERSION = '0.1.0';
