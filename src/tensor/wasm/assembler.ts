/**
 * @file A small assembler: functions written as typed TypeScript, out comes a WebAssembly module. Appendix A.
 *
 * A `Routine` is a WebAssembly function that others call; a `Task` is one that the thread pool runs, once for each chunk
 * of a parallel loop. Both are plain values that say how to emit themselves: a module contains the tasks it is asked for
 * and every routine that they call.
 */
import {
  type Expression,
  type F32,
  f32_load,
  f32x4_add,
  f32x4_mul,
  f32x4_relaxed_madd,
  type I32,
  type I32Like,
  i32,
  i32_add,
  i32_load,
  i32_lt_s,
  type Statement,
  unsigned,
  type V128,
  type ValueType,
} from './instructions.ts';

const TYPE_CODE: { readonly [T in ValueType]: number } = { i32: 0x7f, f32: 0x7d, v128: 0x7b };

/** A variable of the function that is being written; as an expression it reads the variable. */
export interface Local<T extends ValueType> extends Expression<T> {
  readonly index: number;
}

type Locals<P extends readonly ValueType[]> = { [K in keyof P]: Local<P[K]> };
type Arguments<P extends readonly ValueType[]> = {
  [K in keyof P]: Expression<P[K]> | (P[K] extends 'i32' ? number : never);
};

/** A function of the module. Its body returns the expression of its result, or nothing. */
export interface Routine<P extends readonly ValueType[], R extends ValueType | undefined> {
  readonly name: string;
  readonly parameters: P;
  readonly result: R;
  readonly emit: (f: FunctionBuilder, ...parameters: Local<ValueType>[]) => Expression<ValueType> | undefined;
}

export function routine<const P extends readonly ValueType[], R extends ValueType | undefined = undefined>(
  name: string,
  parameters: P,
  result: R,
  body: (f: FunctionBuilder, ...parameters: Locals<P>) => R extends ValueType ? Expression<R> : void,
): Routine<P, R> {
  return { name, parameters, result, emit: body as unknown as Routine<P, R>['emit'] };
}

export type TaskSchema = { readonly [name: string]: 'i32' | 'f32' };

/** One iteration of a parallel loop. Its arguments lie in shared memory, in the order of the schema. */
export interface Task<S extends TaskSchema = TaskSchema> {
  readonly name: string;
  readonly schema: S;
  readonly emit: (f: FunctionBuilder, chunk: Local<'i32'>, scratch: Local<'i32'>) => void;
}

/** Where the pool writes the arguments of the running task: a fixed address in shared memory, in bytes. */
export const ARGUMENTS_ADDRESS = 256;
export const MAX_ARGUMENTS = 32;

/** `body` receives the arguments by name, the chunk's number, and the address of this thread's scratch memory. */
export function task<const S extends TaskSchema>(
  name: string,
  schema: S,
  body: (f: FunctionBuilder, args: { [N in keyof S]: Local<S[N]> }, chunk: I32, scratch: I32) => void,
): Task<S> {
  return {
    name,
    schema,
    emit: (f, chunk, scratch) => {
      const args: Record<string, Local<ValueType>> = {};
      Object.entries(schema).forEach(([argument, type], i) => {
        const address = ARGUMENTS_ADDRESS + 4 * i;
        args[argument] = type === 'i32' ? f.i32(i32_load(address)) : f.f32(f32_load(address));
      });
      body(f, args as { [N in keyof S]: Local<S[N]> }, chunk, scratch);
    },
  };
}

/** How the functions of a module are to be written. */
export interface ModuleOptions {
  /** With the fused multiply-add of relaxed SIMD. */
  readonly relaxed: boolean;
  /** Rows of the tiles of a matrix product (tile.ts): what this machine's compiler and processor do faster. */
  readonly tileRows: 4 | 6;
}

/** Writes the body of one function, statement by statement. */
export class FunctionBuilder {
  readonly relaxed: boolean;
  readonly tileRows: 4 | 6;
  private readonly module: ModuleBuilder;
  private readonly parameters: readonly ValueType[];
  private readonly localTypes: ValueType[] = [];
  private readonly code: number[] = [];

  constructor(module: ModuleBuilder, parameters: readonly ValueType[]) {
    this.module = module;
    this.relaxed = module.options.relaxed;
    this.tileRows = module.options.tileRows;
    this.parameters = parameters;
  }

  parameter(index: number): Local<ValueType> {
    return { type: this.parameters[index]!, index, bytes: [0x20, ...unsigned(index)] };
  }

  private local<T extends ValueType>(type: T, initial: Expression<T> | undefined): Local<T> {
    const index = this.parameters.length + this.localTypes.push(type) - 1;
    const local = { type, index, bytes: [0x20, ...unsigned(index)] };
    if (initial) this.set(local, initial);
    return local;
  }
  /** Declares a variable and sets it, here, to `initial`. */
  i32(initial?: I32Like): Local<'i32'> {
    return this.local('i32', initial === undefined ? undefined : i32(initial));
  }
  f32(initial?: F32): Local<'f32'> {
    return this.local('f32', initial);
  }
  v128(initial?: V128): Local<'v128'> {
    return this.local('v128', initial);
  }

  /** Appends code that leaves nothing on the stack. */
  do(statement: Statement): void {
    for (const byte of statement) this.code.push(byte);
  }
  set<T extends ValueType>(local: Local<T>, value: NoInfer<Expression<T> | (T extends 'i32' ? number : never)>): void {
    const expression = typeof value === 'number' ? i32(value) : value;
    this.do([...expression.bytes, 0x21, ...unsigned(local.index)]);
  }
  /** local += step */
  increase(local: Local<'i32'>, step: I32Like): void {
    this.set(local, i32_add(local, step));
  }

  /** while (condition), tested after each pass: the body runs at least once. */
  doWhile(condition: I32, body: () => void): void {
    this.do([0x03, 0x40]); // loop
    body();
    this.do([...condition.bytes, 0x0d, 0x00, 0x0b]); // br_if 0, end
  }
  /** for (counter = begin; counter < end; counter += step), signed. */
  for(counter: Local<'i32'>, begin: I32Like, end: I32Like, step: I32Like, body: () => void): void {
    this.set(counter, i32(begin));
    this.if(i32_lt_s(counter, end), () => {
      this.doWhile(i32_lt_s(counter, end), () => {
        body();
        this.increase(counter, step);
      });
    });
  }
  if(condition: I32, body: () => void, otherwise?: () => void): void {
    this.do([...condition.bytes, 0x04, 0x40]);
    body();
    if (otherwise) {
      this.do([0x05]);
      otherwise();
    }
    this.do([0x0b]);
  }

  /** The value that a routine returns. */
  call<P extends readonly ValueType[], R extends ValueType>(
    target: Routine<P, R>,
    ...args: Arguments<P>
  ): Expression<R> {
    return { type: target.result, bytes: this.callBytes(target, args) };
  }
  /** Runs a routine that returns nothing. */
  run<P extends readonly ValueType[]>(target: Routine<P, undefined>, ...args: Arguments<P>): void {
    this.do(this.callBytes(target, args));
  }
  private callBytes(target: Routine<readonly ValueType[], ValueType | undefined>, args: readonly unknown[]): number[] {
    const bytes = args.flatMap((argument) => (typeof argument === 'number' ? i32(argument) : (argument as I32)).bytes);
    return [...bytes, 0x10, ...unsigned(this.module.indexOf(target))];
  }

  /** a b + c: rounded once where the machine has it (relaxed SIMD), otherwise multiplied, then added. */
  madd(a: V128, b: V128, c: V128): V128 {
    return this.relaxed ? f32x4_relaxed_madd(a, b, c) : f32x4_add(f32x4_mul(a, b), c);
  }

  /** The function as the code section holds it. */
  encode(result: Expression<ValueType> | undefined): number[] {
    const locals = this.localTypes.flatMap((type) => [1, TYPE_CODE[type]]);
    const body = [...unsigned(this.localTypes.length), ...locals, ...this.code, ...(result ? result.bytes : []), 0x0b];
    return [...unsigned(body.length), ...body];
  }
}

interface Signature {
  readonly parameters: readonly ValueType[];
  readonly result: ValueType | undefined;
}

/** Collects functions and writes the module. It imports `env.memory`, shared, and exports each task by its name. */
export class ModuleBuilder {
  readonly options: ModuleOptions;
  private readonly routines = new Map<object, number>();
  private readonly signatures: Signature[] = [];
  private readonly bodies: number[][] = [];
  private readonly exports: { name: string; index: number }[] = [];

  constructor(options: ModuleOptions) {
    this.options = options;
  }

  /** Number of the routine's function, emitted at its first use. */
  indexOf(target: Routine<readonly ValueType[], ValueType | undefined>): number {
    const known = this.routines.get(target);
    if (known !== undefined) return known;
    const index = this.reserve(target);
    this.routines.set(target, index);
    const f = new FunctionBuilder(this, target.parameters);
    const result = target.emit(f, ...target.parameters.map((_, i) => f.parameter(i)));
    this.bodies[index] = f.encode(target.result ? result : undefined);
    return index;
  }

  addTask(target: Task): void {
    const parameters = ['i32', 'i32'] as const;
    const index = this.reserve({ parameters, result: undefined });
    const f = new FunctionBuilder(this, parameters);
    target.emit(f, f.parameter(0) as Local<'i32'>, f.parameter(1) as Local<'i32'>);
    this.bodies[index] = f.encode(undefined);
    this.exports.push({ name: target.name, index });
  }

  /** Exports a routine under its name: for tests and measurements. */
  addExport(target: Routine<readonly ValueType[], ValueType | undefined>): void {
    this.exports.push({ name: target.name, index: this.indexOf(target) });
  }

  private reserve(signature: Signature): number {
    this.bodies.push([]);
    return this.signatures.push(signature) - 1;
  }

  /** The module's bytes. Its memory holds at most `maximumPages` pages of 64 KiB. */
  encode(maximumPages: number): Uint8Array<ArrayBuffer> {
    const types = this.signatures.flatMap(({ parameters, result }) => [
      0x60,
      ...vector(parameters.map((type) => [TYPE_CODE[type]])),
      ...vector(result ? [[TYPE_CODE[result]]] : []),
    ]);
    const shared = 0x03;
    const memory = [...text('env'), ...text('memory'), 0x02, shared, ...unsigned(1), ...unsigned(maximumPages)];
    const bytes: number[] = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]; // '\0asm', version 1
    const section = (id: number, content: number[]) => {
      bytes.push(id, ...unsigned(content.length));
      for (const byte of content) bytes.push(byte);
    };
    section(1, [...unsigned(this.signatures.length), ...types]);
    section(2, vector([memory]));
    section(3, vector(this.signatures.map((_, i) => unsigned(i))));
    section(7, vector(this.exports.map(({ name, index }) => [...text(name), 0x00, ...unsigned(index)])));
    section(10, vector(this.bodies));
    return new Uint8Array(bytes);
  }
}

function vector(items: readonly (readonly number[])[]): number[] {
  const bytes = unsigned(items.length);
  for (const item of items) for (const byte of item) bytes.push(byte);
  return bytes;
}

function text(name: string): number[] {
  return vector([...new TextEncoder().encode(name)].map((byte) => [byte]));
}
