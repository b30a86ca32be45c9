// What four differences can say of the first source.
import { comparisonOf } from '../../src/probe/index.ts';

console.log(comparisonOf('trained', 'input', -1)); // => fair
console.log(comparisonOf('trained', 'grids', 0)); // => at most
console.log(comparisonOf('input', 'grids', 0)); // => at least
console.log(comparisonOf('input+action', 'grids+action', 0)); // => fair
