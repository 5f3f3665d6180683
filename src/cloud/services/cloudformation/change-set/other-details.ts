/** What changes of a resource beside its properties. */
import type { TemplateResource } from '../../../../model/index.ts'
import { deepEqual, type ResourceSpec } from '../../../../template/index.ts'
import type { ChangeDetail, StackResource } from '../state.ts'

/** Gives the changes of tags of the stack, metadata and policies. */
export function otherDetails(of: {
  readonly spec: ResourceSpec
  readonly record: StackResource
  readonly resource: TemplateResource
  /** As the template before has it. */
  readonly old: TemplateResource | undefined
  readonly tags: Readonly<Record<string, string>>
}): ChangeDetail[] {
  const { spec, record, resource, old, tags } = of
  const direct = {
    requiresRecreation: 'Never',
    evaluation: 'Static',
    source: 'DirectModification',
  } as const
  const details: ChangeDetail[] = []
  if (spec.tagProperty && !deepEqual(record.physical!.stackTags, tags))
    details.push({ attribute: 'Tags', ...direct })
  if (!deepEqual(old?.Metadata ?? {}, resource.Metadata ?? {}))
    details.push({ attribute: 'Metadata', ...direct })
  for (const attribute of ['DeletionPolicy', 'UpdateReplacePolicy'] as const)
    if ((old?.[attribute] ?? 'Delete') !== (resource[attribute] ?? 'Delete'))
      details.push({ attribute, ...direct })
  return details
}
