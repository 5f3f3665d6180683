/** An ECS service as a deploy: its tasks are replaced by those of a new image, as ECS does it by itself. */
import * as z from 'zod/mini'
import { provider } from '../../pipeline/index.ts'
import { expandText, STAGE_NAMES, textWith } from '../text.ts'
import { artifactFields } from './deploy-fields.ts'
import { deployKind } from './deploy-kind.ts'
import { nameField } from './deploy-name.ts'

/** AWS: "imagedefinitions.json file for Amazon ECS standard deployment actions". */
const DEFINITIONS = 'imagedefinitions.json'

const serviceSchema = z.strictObject({
  cluster: textWith(STAGE_NAMES).check(
    z.describe('cluster in the account and region of the stage; Crossdock makes none → ClusterName'),
  ),
  service: textWith(STAGE_NAMES).check(z.describe('service that runs there already → ServiceName')),
  file: z
    ._default(textWith(STAGE_NAMES), DEFINITIONS)
    .check(
      z.describe(
        'file in the artifact with a list of containers and their images: [{ name, imageUri }] → FileName',
      ),
    ),
  timeout: z
    .optional(z.int().check(z.gte(1), z.lte(60)))
    .check(z.describe('minutes until it has failed; 60 without it → DeploymentTimeout')),
  roles: z
    .array(textWith(STAGE_NAMES))
    .check(
      z.describe(
        'roles that the task definition names, its own and the execution role, by name or ARN: the pipeline may hand these to the tasks and no others; [] for none',
      ),
    ),
})

export const ecs = deployKind({
  key: 'ecs',
  schema: z.strictObject({
    ...nameField,
    ecs: serviceSchema.check(
      z.describe('a service of ECS → an ECS deploy action: a revision of its task definition, rolled out'),
    ),
    ...artifactFields,
  }),
  called: ({ ecs: { service } }) => service,
  passes: ({ ecs: { roles } }) => roles,
  // AWS: the artifact of an ECR source is imageDetail.json, for CodeDeploy ("Image definitions file reference").
  refused: ({ ecs: { file } }, { ofImage }) =>
    ofImage
      ? {
          what: `the artifact of an image source is imageDetail.json, and this deploy reads ${file}`,
          fix: `deploy what a build makes of it: a list of { name, imageUri } in ${file}`,
        }
      : undefined,
  expand: ({ ecs: { cluster, service: named, file, timeout } }, scope) => {
    const service = expandText(named, scope)
    return {
      deploy: {
        name: `deploy-${service}-${scope.place}`,
        actionTypeId: provider.ecs.type,
        configuration: {
          ClusterName: expandText(cluster, scope),
          ServiceName: service,
          ...(file !== DEFINITIONS && { FileName: expandText(file, scope) }),
          ...(timeout !== undefined && { DeploymentTimeout: String(timeout) }),
        },
        inputArtifacts: [{ name: scope.input }],
        roleArn: scope.actionRole,
        region: scope.region,
      },
    }
  },
})
