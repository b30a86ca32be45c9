/** @file Everything that the Karel folder offers. Chapter 1. */

export * from './actions.ts';
export * from './ast.ts';
export * from './checksum.ts';
export * from './corpus.ts';
export * from './corpus-format.ts';
export * from './corpus-settings.ts';
export * from './corpus-text.ts';
export * from './execute.ts';
export * from './grammar.ts';
export * from './interpreter.ts';
export * from './lexer.ts';
export * from './parser.ts';
export * from './printer.ts';
export * from './program-effects.ts';
export * from './random-program.ts';
export * from './random-world.ts';
export * from './semantics.ts';
export * from './shortest-program.ts';
export * from './specification.ts';
export * from './specification-set.ts';
export * from './tokenizer.ts';
export * from './vocabulary.ts';
export * from './world.ts';
export * from './world-text.ts';
