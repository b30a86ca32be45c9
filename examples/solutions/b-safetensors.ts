// A safetensors file by hand: the length of its header, the header, the numbers.
import { encodeSafetensors } from '../../src/transformer/safetensors.ts';

const weight = { shape: [2, 3], data: new Float32Array([1, 2, 3, 4, 5, 6]) };
const bytes = encodeSafetensors(new Map([['weight', weight]]));
const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const length = Number(view.getBigUint64(0, true));
const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
console.log(JSON.stringify(header.weight));
console.log(bytes.length - 8 - length, length % 8);
console.log(view.getFloat32(8 + length + header.weight.data_offsets[0] + 8, true));
console.log(header.__metadata__.sha256.length);
// =>
// {"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}
// 24 0
// 3
// 64
