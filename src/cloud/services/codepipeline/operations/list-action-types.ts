/** ListActionTypes: the action types that the embedded cloud can run, and those that are registered. */
import { type ActionProvider, providers } from '../../../../pipeline/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { registeredTypes } from '../engine/action-types.ts'
import { describeType } from '../engine/describe-type.ts'
import { invalidNextToken } from '../engine/find.ts'
import { runners } from '../providers/index.ts'

const describe = ({ type, configuration, inputs, outputs }: ActionProvider) => ({
  id: type,
  settings: {},
  actionConfigurationProperties: Object.entries(configuration).map(([name, rule]) => ({
    name,
    required: rule.required ?? false,
    key: rule.required ?? false,
    secret: rule.secret ?? false,
    queryable: false,
  })),
  inputArtifactDetails: { minimumCount: inputs.min, maximumCount: inputs.max },
  outputArtifactDetails: { minimumCount: outputs.min, maximumCount: outputs.max },
})

export const ListActionTypes = operation({
  service: 'codepipeline',
  name: 'ListActionTypes',
  access: () => [{ action: 'codepipeline:ListActionTypes', resource: '*' }],
  run: (input, ctx) => {
    const { actionOwnerFilter: owner, regionFilter: region, nextToken: token } = input
    const runnable = new Set(runners.map((one) => one.id))
    const known = providers.filter(({ type }) => runnable.has(`${type.category}/${type.provider}`))
    const all = [...known.map(describe), ...registeredTypes(ctx, region).map(describeType)].filter(
      ({ id }) => !owner || owner === id.owner,
    )
    const query = [owner ?? '', region ?? '']
    const page = paginate(all, { token, limit: 100, query, error: invalidNextToken })
    return { actionTypes: page.items as never, nextToken: page.nextToken }
  },
})
