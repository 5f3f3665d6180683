/** Exports of one name: an account and region has it once. */
import { alreadyExported, TemplateFault } from '../../../../template/index.ts'
import type { StackScope } from '../../../landscape/stack-scope.ts'

/** An output that certainly exports a name that is known. */
interface Export {
  readonly scope: StackScope
  readonly output: string
  readonly name: string
}

/**
 * Gives the exports whose names another output exports before them, with the scopes that they stand in. Stacks of one name
 * and place are one stack, told twice.
 */
export function exportedTwice(
  scopes: readonly StackScope[],
): { readonly scope: StackScope; readonly fault: TemplateFault }[] {
  const first = new Map<string, Export>()
  return scopes.flatMap(exportsOf).flatMap((one) => {
    const { stack, target } = one.scope.placed
    const key = `${target.account} ${target.region} ${one.name}`
    const before = first.get(key)
    if (!before) first.set(key, one)
    if (!before || (before.scope !== one.scope && before.scope.placed.stack === stack)) return []
    const fault = new TemplateFault(alreadyExported(one.name, before.scope.placed.stack), {
      path: ['Outputs', one.output, 'Export', 'Name'],
      fix: 'export it under another name',
    })
    return [{ scope: one.scope, fault }]
  })
}

function exportsOf(scope: StackScope): Export[] {
  const { Outputs = {} } = scope.placed.template
  return scope.exports().flatMap(([name, output]) => {
    const { Condition } = Outputs[output]!
    const isThere = Condition === undefined || scope.decides(Condition) === true
    return isThere && !scope.standIns.in(name).length ? [{ scope, output, name }] : []
  })
}
