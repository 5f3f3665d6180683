/** How a change set shows resources and values. */
import type { TemplateResource } from '../../../../model/index.ts'
import type { ResourceChange } from '../state.ts'

type Properties = Readonly<Record<string, unknown>>

/** Gives the change of a resource that is new. */
export const addition = (
  logicalId: string,
  resource: TemplateResource,
  after: Properties,
): ResourceChange => ({
  action: 'Add',
  logicalId,
  type: resource.Type,
  scope: [],
  details: [],
  after: contextOf(after, resource),
})

/** Gives a value as a change set shows it. */
export const asText = (value: unknown): string | undefined =>
  value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value)

/** Gives all there is to a resource as a change set shows it. */
export function contextOf(properties: Properties, resource: TemplateResource | undefined): string {
  return JSON.stringify({
    Properties: properties,
    Metadata: resource?.Metadata,
    DeletionPolicy: resource?.DeletionPolicy,
    UpdateReplacePolicy: resource?.UpdateReplacePolicy,
  })
}
