/** @file The version of the package, which stands in every manifest. Chapter 8. */

/** As in `package.json`; a test compares them. */
export const VERSION = '0.1.0';
