import type { OpSpec, ParamSpec, TypeName } from '../language/vocabulary.ts';

/** Parameters from a text: 'vma:vma, addr:int, name:name<phase>?'; a trailing '?' makes one optional. */
export function p(spec: string): ParamSpec[] {
  if (spec === '') return [];
  return spec.split(',').map((part) => {
    const [name = '', rest = 'int'] = part.trim().split(':');
    const optional = rest.endsWith('?');
    const type = optional ? rest.slice(0, -1) : rest;
    const table = /^name<(\w+)>$/.exec(type)?.[1];
    const base: ParamSpec = table === undefined ? { name, type } : { name, type: 'name', table };
    return optional ? { ...base, optional: true } : base;
  });
}

/** One word of the vocabulary. */
export function op(
  kind: OpSpec['kind'],
  name: string,
  params: string,
  returns: TypeName,
  help: string,
  aliases?: readonly string[],
): OpSpec {
  const spec: OpSpec = { name, params: p(params), returns, kind, help };
  return aliases === undefined ? spec : { ...spec, aliases };
}
