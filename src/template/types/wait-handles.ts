/** Wait conditions and the handles that they wait on. */
import { entryOf, type Template } from '../../model/index.ts'
import { TemplateFault } from '../read/template-fault.ts'

/** What the embedded cloud says of a wait condition without a handle; AWS's own words are not recorded. */
export const NEEDS_HANDLE = 'WaitCondition needs a Handle made by a WaitConditionHandle.'

/**
 * Gives the wait conditions that would wait on nothing, as far as the template alone tells. AWS:
 * `aws-resource-cloudformation-waitcondition.html`, the handle is referred to by Ref; one with a creation policy is
 * signalled by its own name and has none.
 */
export function handleFaults({ Resources }: Template): TemplateFault[] {
  return Object.entries(Resources).flatMap(([id, { Type, Properties, CreationPolicy }]) => {
    if (Type !== 'AWS::CloudFormation::WaitCondition' || CreationPolicy !== undefined) return []
    const handle = entryOf(Properties, 'Handle')
    if (!isNoHandle(handle, Resources)) return []
    const path = ['Resources', id, 'Properties', ...(handle === undefined ? [] : ['Handle'])]
    const fix = 'make an AWS::CloudFormation::WaitConditionHandle and name it by Ref'
    return [new TemplateFault(NEEDS_HANDLE, { path, fix })]
  })
}

function isNoHandle(handle: unknown, resources: Template['Resources']): boolean {
  if (handle === undefined) return true
  if (typeof handle === 'string') return !/^https?:/.test(handle)
  const name = (handle as { Ref?: unknown } | null)?.Ref
  const referred = typeof name === 'string' ? entryOf(resources, name) : undefined
  return referred !== undefined && referred.Type !== 'AWS::CloudFormation::WaitConditionHandle'
}
