/** @file The iterator helpers that jax-js calls and Node has from version 22 on only: map, filter and toArray. */
const prototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));

prototype.map ??= function* (change) {
  let index = 0;
  for (const value of this) yield change(value, index++);
};

prototype.filter ??= function* (keep) {
  let index = 0;
  for (const value of this) if (keep(value, index++)) yield value;
};

prototype.toArray ??= function () {
  return [...this];
};
