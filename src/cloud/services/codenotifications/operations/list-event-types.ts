/** ListEventTypes. */
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { describeType, EVENT_TYPES, type EventType } from '../engine/event-types.ts'
import { fitsAll, invalidToken, LONGEST_PAGE } from '../engine/filters.ts'

const BY: Readonly<Record<string, (type: EventType) => readonly string[]>> = {
  RESOURCE_TYPE: ({ resourceType }) => [resourceType],
  SERVICE_NAME: ({ serviceName }) => [serviceName],
}

export const ListEventTypes = operation({
  service: 'codestar-notifications',
  name: 'ListEventTypes',
  access: () => [{ action: 'codestar-notifications:ListEventTypes', resource: '*' }],
  run: ({ Filters = [], NextToken: token, MaxResults }) => {
    const all = EVENT_TYPES.filter(fitsAll(Filters, BY))
    const page = paginate(all, {
      token,
      limit: MaxResults || LONGEST_PAGE,
      query: Filters,
      error: invalidToken,
    })
    return { EventTypes: page.items.map(describeType), NextToken: page.nextToken }
  },
})
