/** An artifact store that names its key by alias or id while actions of other accounts use it. */
import { parseArn } from '../../../../model/index.ts'
import { findKey } from '../../../landscape/find-key.ts'
import type { FindingDetails, LintRule } from '../rule.ts'

/** AWS: an alias is recognized only in the account that made the key; a bare id is looked up in the action's account. */
export const aliasWhereArnIsNeeded: LintRule = {
  id: 'alias-where-arn-is-needed',
  summary: 'The artifact store of a cross-account pipeline names its key by an alias or an id.',
  find: ({ landscape }) =>
    landscape.pipelines.flatMap(({ declaration, account, region, origin }) => {
      const isForeign = declaration.stages
        .flatMap((stage) => stage.actions)
        .some(({ roleArn }) => roleArn && parseArn(roleArn)?.account !== account)
      if (!isForeign) return []
      const stores = Object.entries(declaration.artifactStores ?? { [region]: declaration.artifactStore })
      return stores.flatMap(([of, store]): FindingDetails[] => {
        const id = store?.encryptionKey?.id
        const found = findKey(id, { account, region: of }, landscape)
        if (!found || found.named === 'arn') return []
        return [
          {
            severity: 'error',
            message: `the artifact store of ${declaration.name} in ${of} names its key "${id}": actions of other accounts look it up in their own account`,
            fix: `name the key by its ARN${found.key ? `, ${found.arn}` : ''}`,
            origin,
          },
        ]
      })
    }),
}
