/** ListActionTypes: the action types that the embedded cloud can run. */
import { providers } from '../../../../pipeline/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { invalidNextToken } from '../engine/find.ts'
import { runners } from '../providers/index.ts'

export const ListActionTypes = operation({
  service: 'codepipeline',
  name: 'ListActionTypes',
  access: () => [{ action: 'codepipeline:ListActionTypes', resource: '*' }],
  run: (input, _ctx) => {
    const { actionOwnerFilter: owner, nextToken: token } = input
    const runnable = new Set(runners.map((one) => one.id))
    const all = providers.filter(
      ({ type }) => runnable.has(`${type.category}/${type.provider}`) && (!owner || owner === type.owner),
    )
    const page = paginate(all, { token, limit: 100, query: owner ?? '', error: invalidNextToken })
    return {
      actionTypes: page.items.map(({ type, configuration, inputs, outputs }) => ({
        id: type as never,
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
      })),
      nextToken: page.nextToken,
    }
  },
})
