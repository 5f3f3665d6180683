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

/** The logical ID that `Ref` or `Fn::GetAtt` names. */
export function referredId(value: unknown): string | undefined {
  const reference = value as { Ref?: string; 'Fn::GetAtt'?: readonly string[] | string } | null | undefined
  const attribute = reference?.['Fn::GetAtt']
  return (
    reference?.Ref ??
    (Array.isArray(attribute) ? attribute[0] : String(attribute ?? '').split('.')[0] || undefined)
  )
}
