// Where the key of a head lies in the rows of qkv_proj: of tiny's, and of one with two heads a group.
import { qkvOffsets } from '../../src/tensor/index.ts';

const rows = (heads: number, headSize: number, head: number) => {
  const { key } = qkvOffsets({ heads, headSize, groups: 4 }, head);
  return `${key} to ${key + headSize - 1}`;
};
console.log(rows(4, 16, 2)); // => 128 to 143
console.log(rows(8, 8, 5)); // => 136 to 143
