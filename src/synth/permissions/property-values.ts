/** Looks into a resource's properties, in every branch that a condition may take. */

export type Properties = Readonly<Record<string, unknown>>

/** What a value may be: both branches of `Fn::If`, without those that leave it out. */
export function branches(value: unknown): unknown[] {
  const condition = (value as { 'Fn::If'?: unknown } | null | undefined)?.['Fn::If']
  if (!Array.isArray(condition)) return [value]
  return condition
    .slice(1)
    .filter((branch) => (branch as { Ref?: string } | null)?.Ref !== 'AWS::NoValue')
    .flatMap(branches)
}

/** What stands at a path of property names; `Targets[].Arn` goes into each item of a list, `*` into each value of a map. */
export function valuesAt(value: unknown, path: string): unknown[] {
  return stepsInto(value, path.split('.'), 0)
}

function stepsInto(value: unknown, steps: readonly string[], at: number): unknown[] {
  const step = steps[at]
  return branches(value).flatMap((branch) => {
    if (step === undefined) return Array.isArray(branch) ? branch.flatMap(branches) : [branch]
    if (step === '*') return valuesOf(branch).flatMap((one) => stepsInto(one, steps, at + 1))
    const isList = step.endsWith('[]')
    const inner = (branch as Properties | null | undefined)?.[isList ? step.slice(0, -2) : step]
    if (inner === undefined) return []
    const each = isList ? branches(inner).flat() : [inner]
    return each.flatMap((one) => stepsInto(one, steps, at + 1))
  })
}

const valuesOf = (value: unknown): unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value) : []

/** The logical ID that `Ref` or `Fn::GetAtt` names. */
export function referredId(value: unknown): string | undefined {
  const reference = value as { Ref?: string; 'Fn::GetAtt'?: readonly string[] | string } | null | undefined
  const attribute = reference?.['Fn::GetAtt']
  return (
    reference?.Ref ??
    (Array.isArray(attribute) ? attribute[0] : String(attribute ?? '').split('.')[0] || undefined)
  )
}
