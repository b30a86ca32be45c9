// Chapter 2, exercise 1: the tokens of a sample of the paper's size.
import { promptLength, sampleLength } from '../../src/karel/index.ts';

const shape = { width: 6, height: 6, examples: 5, maxLength: 10 };
console.log(promptLength(shape), sampleLength(shape)); // => 372 383
