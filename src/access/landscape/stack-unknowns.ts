/** What nobody knows of a stack that is placed: each tells its stack from all others. */
import {
  placeOfStack,
  pseudoValues,
  type StackPlace,
  textOf,
  Unknown,
  unknownOf,
  type Value,
} from '../../template/index.ts'
import type { PlacedTemplate } from './placed-template.ts'

export const functionOf = (of: readonly Unknown[]): Unknown['why'] => ({
  kind: 'function',
  name: 'a function',
  of,
})

/** Something of a stack that nobody knows. */
export const unknownIn = (
  placed: PlacedTemplate,
  what: string,
  why: Unknown['why'],
  looks?: Unknown['looks'],
): Unknown => unknownOf(stackPlaceOf(placed), what, why, { ...(looks && { looks }) })

export const stackPlaceOf = ({ stack, target }: PlacedTemplate): StackPlace =>
  placeOfStack({ ...target, stackName: stack })

/** AWS: a stack's id ends in one that AWS makes up; where it tells of what it does, nobody knows beforehand. */
export function pseudoOf(placed: PlacedTemplate): Map<string, Value> {
  const { stack, target } = placed
  const { account, region } = target
  const values = new Map(
    pseudoValues({ account, region, stackName: stack, stackId: '', notificationArns: [] }),
  )
  const id = new Unknown(
    `the id of ${stackPlaceOf(placed).place}`,
    { kind: 'attribute', id: 'AWS::StackId' },
    { label: 'id' },
  )
  values.set('AWS::StackId', textOf([`arn:aws:cloudformation:${region}:${account}:stack/${stack}/`, id]))
  values.set(
    'AWS::NotificationARNs',
    unknownIn(placed, 'AWS::NotificationARNs', { kind: 'parameter', name: 'AWS::NotificationARNs' }, 'list'),
  )
  return values
}
