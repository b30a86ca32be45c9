// The least loss that anything can reach on program words without the grids, from how the corpus draws them.
const weights = [5, 3, 3, 2, 2];
const action = weights.reduce((sum, weight) => sum - (weight / 15) * Math.log(weight / 15), 0);
const length = Math.log(4); // four lengths, all alike
console.log(action.toFixed(3), length.toFixed(3)); // => 1.547 1.386
// A program has 2.5 actions on average, and one END.
console.log(((length + 2.5 * action) / 3.5).toFixed(3)); // => 1.501
