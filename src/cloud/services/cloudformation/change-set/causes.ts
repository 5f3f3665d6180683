/** Why a property changes: its template text, a parameter, or another resource. */
import { type Decision, deepEqual, eachReference } from '../../../../template/index.ts'
import type { ChangeDetail } from '../state.ts'
import type { Fate } from './fate.ts'

export type Cause = Pick<ChangeDetail, 'evaluation' | 'source' | 'causingEntity'>

/**
 * Gives the causes of one property's change, at least one.
 * AWS: a parameter's new value is a static ParameterReference beside a dynamic DirectModification; what follows from
 * another resource's replacement is static where that is certain, and dynamic where only execution will tell.
 */
export function causesOf(property: {
  readonly before: unknown
  readonly after: unknown
  changedParameter(key: string): boolean
  fate(logicalId: string): Fate
  condition(name: string): Decision
}): Cause[] {
  const { before, after, changedParameter, fate, condition } = property
  const causes = new Map<string, Cause>()
  const add = (cause: Cause) => causes.set(`${cause.source} ${cause.causingEntity}`, cause)
  eachReference(
    after,
    (one) => {
      if (one.kind !== 'ref' && one.kind !== 'attribute') return
      if (one.kind === 'ref' && one.name.startsWith('AWS::')) return
      const causingEntity = one.kind === 'ref' ? one.name : `${one.name}.${String(one.attribute)}`
      if (one.kind === 'ref' && changedParameter(one.name)) {
        add({ evaluation: 'Static', source: 'ParameterReference', causingEntity })
        return
      }
      const kind = fateOf(one.name, fate)
      if (kind === undefined || kind === 'same' || (kind === 'modified' && one.kind === 'ref')) return
      add({
        evaluation: kind === 'perhaps' || kind === 'modified' ? 'Dynamic' : 'Static',
        source: one.kind === 'ref' ? 'ResourceReference' : 'ResourceAttribute',
        causingEntity,
      })
    },
    condition,
  )
  const found = [...causes.values()]
  if (!deepEqual(before, after)) return [{ evaluation: 'Static', source: 'DirectModification' }, ...found]
  if (found.some((one) => one.source === 'ParameterReference'))
    return [{ evaluation: 'Dynamic', source: 'DirectModification' }, ...found]
  return found.length > 0 ? found : [{ evaluation: 'Static', source: 'DirectModification' }]
}

/** A parameter has no fate. */
function fateOf(name: string, fate: (logicalId: string) => Fate): Fate['kind'] | undefined {
  try {
    return fate(name).kind
  } catch {
    return undefined
  }
}
