/** An image of an ECR repository of the hub account as a source; whoever pushes it starts the pipeline. */
import * as z from 'zod/mini'
import { provider } from '../../pipeline/index.ts'
import { expandText, PIPELINE_NAMES, textWith } from '../text.ts'
import { sourceKind } from './source-kind.ts'

export const ecr = sourceKind({
  key: 'ecr',
  schema: z.strictObject({
    ecr: textWith(PIPELINE_NAMES).check(
      z.describe(
        'repository in the hub account and region → a source action, whose artifact holds imageDetail.json, and a rule',
      ),
    ),
    tag: z
      ._default(textWith(PIPELINE_NAMES), 'latest')
      .check(z.describe('tag that is deployed, and whose push starts the pipeline → ImageTag')),
  }),
  givesImage: true,
  branch: () => '',
  expand: ({ ecr: named, tag: tagged }, scope) => {
    const repository = expandText(named, scope)
    const tag = expandText(tagged, scope)
    return {
      ...(scope.starts && {
        startedBy: {
          source: ['aws.ecr'],
          'detail-type': ['ECR Image Action'],
          detail: {
            'action-type': ['PUSH'],
            result: ['SUCCESS'],
            'repository-name': [repository],
            'image-tag': [tag],
          },
        },
      }),
      action: {
        name: scope.action,
        actionTypeId: provider.ecrSource.type,
        configuration: { RepositoryName: repository, ImageTag: tag },
        outputArtifacts: [{ name: scope.output }],
        namespace: scope.namespace,
      },
    }
  },
})
