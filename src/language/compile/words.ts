import type { FieldSpec, OpSpec, TypeName, TypeSpec, Vocabulary } from '../vocabulary.ts';

const INT_TYPES = new Set([
  ...[
    'int',
    'bool',
    'long',
    'unsigned',
    'unsigned int',
    'unsigned long',
    'long long',
    'unsigned long long',
    'short',
  ],
  ...[
    'long int',
    'long unsigned int',
    'unsigned short',
    'char',
    'unsigned char',
    'signed char',
    'signed',
    'long unsigned',
  ],
  ...[
    'u8',
    'u16',
    'u32',
    'u64',
    's8',
    's16',
    's32',
    's64',
    'size_t',
    'ssize_t',
    'loff_t',
    'pgoff_t',
    'pid_t',
  ],
  ...['vm_fault_t', 'vm_flags_t', 'addr', 'uint32_t', 'uint64_t', 'int32_t', 'int64_t', 'gfp_t', 'ktime_t'],
]);

/** An operation with its number in the bytecode. */
export interface Op {
  readonly spec: OpSpec;
  readonly index: number;
  /** Registers that its arguments take. */
  readonly slots: number;
}

/** Registers that a value of a type takes. */
export function slotsOf(type: TypeName): number {
  return type === 'range' ? 2 : 1;
}

/** A vocabulary with its names looked up quickly. */
export class Words {
  readonly vocabulary: Vocabulary;
  readonly ops = new Map<string, Op>();
  readonly opsByIndex: readonly Op[];
  readonly types = new Map<TypeName, TypeSpec>();
  /** Every spelling of a type: names and C spellings. */
  readonly spellings = new Map<string, TypeName>();
  readonly iterators = new Map<string, Vocabulary['iterators'][number]>();
  readonly entries = new Map<string, Vocabulary['entries'][number]>();
  readonly constants = new Map<string, number>();
  readonly variables = new Map<string, Vocabulary['variables'][number]>();
  readonly costs = new Set<string>();
  /** First register that no variable of the vocabulary occupies. */
  readonly firstRegister: number;

  constructor(vocabulary: Vocabulary) {
    this.vocabulary = vocabulary;
    this.opsByIndex = vocabulary.ops.map((spec, index) => {
      const slots = spec.params.reduce((n, p) => n + slotsOf(p.type), 0);
      return { spec, index, slots };
    });
    for (const op of this.opsByIndex) {
      for (const name of [op.spec.name, ...(op.spec.aliases ?? [])]) this.ops.set(name, op);
    }
    for (const type of vocabulary.types) {
      this.types.set(type.name, type);
      this.spellings.set(type.name, type.name);
      for (const c of type.c) this.spellings.set(c, type.name);
    }
    for (const name of INT_TYPES) this.spellings.set(name, 'int');
    this.spellings.set('range', 'range');
    for (const it of vocabulary.iterators) this.iterators.set(it.name, it);
    for (const entry of vocabulary.entries) this.entries.set(entry.name, entry);
    for (const { name, value } of vocabulary.constants) this.constants.set(name, value);
    this.constants.set('true', 1);
    this.constants.set('false', 0);
    let first = 1;
    for (const v of vocabulary.variables) {
      this.variables.set(v.name, v);
      first = Math.max(first, v.register + slotsOf(v.type));
    }
    this.firstRegister = first;
    for (const { name } of vocabulary.costs) this.costs.add(name);
  }

  /** The field of a type by name or alias. */
  field(type: TypeName, name: string): FieldSpec | undefined {
    return this.types.get(type)?.fields.find((f) => f.name === name || f.aliases?.includes(name) === true);
  }

  /** Names of a type's fields, for messages. */
  fieldNames(type: TypeName): string[] {
    return (this.types.get(type)?.fields ?? []).flatMap((f) => [f.name, ...(f.aliases ?? [])]);
  }

  /** A type of lock that a document may declare. */
  isLock(type: TypeName): boolean {
    return this.types.get(type)?.lock !== undefined;
  }

  /** A type that is used by its address: a lock, or what only stands within structures. */
  isEmbedded(type: TypeName): boolean {
    return this.isLock(type) || this.types.get(type)?.embedded === true;
  }
}
