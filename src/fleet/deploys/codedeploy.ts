/** A blue/green deployment of an ECS service by CodeDeploy as a deploy: task definition, AppSpec and images out of artifacts. */
import * as z from 'zod/mini'
import { provider } from '../../pipeline/index.ts'
import { partName } from '../build-schema.ts'
import { expandText, STAGE_NAMES, textWith } from '../text.ts'
import { artifactFields } from './deploy-fields.ts'
import { deployKind } from './deploy-kind.ts'
import { nameField } from './deploy-name.ts'

/** AWS: Image1 to Image4 ("Amazon Elastic Container Service and CodeDeploy blue-green deploy action reference"). */
const MOST_IMAGES = 4

/** AWS: what CodeDeploy's own configurations begin with; one of one's own has another name. */
const OF_AWS = 'CodeDeployDefault.'
const TRAFFIC = /^ECS(AllAtOnce|Canary|Linear)/

const blueGreenSchema = z.strictObject({
  application: textWith(STAGE_NAMES).check(
    z.describe('application of CodeDeploy that exists in the account and region of the stage'),
  ),
  group: textWith(STAGE_NAMES).check(
    z.describe(
      'its deployment group, which says what service and listeners, the waits, alarms and rollbacks',
    ),
  ),
  traffic: z
    .optional(textWith(STAGE_NAMES))
    .check(
      z.describe(
        'configuration that the group names: the pipeline may look at that one alone, without it at all of the account',
      ),
    ),
  taskDefinition: z
    ._default(textWith(STAGE_NAMES), 'taskdef.json')
    .check(z.describe('file in the artifact, with <PLACEHOLDER> where an image stands')),
  appspec: z
    ._default(textWith(STAGE_NAMES), 'appspec.yaml')
    .check(z.describe('file in the artifact, with <TASK_DEFINITION> where that stands')),
  images: z
    ._default(
      z.record(z.string().check(z.regex(/^[A-Za-z][\w-]{0,63}$/)), partName).check(
        z.refine((images) => Object.keys(images).length <= MOST_IMAGES, {
          error: `AWS takes ${MOST_IMAGES} images`,
        }),
      ),
      {},
    )
    .check(z.describe('artifacts whose imageDetail.json names the image, by the placeholder for it')),
  roles: z
    .array(textWith(STAGE_NAMES))
    .check(
      z.describe(
        'roles that the task definition names, by name or ARN: the pipeline may hand these to the tasks and no others; [] for none',
      ),
    ),
})

export const codedeploy = deployKind({
  key: 'codedeploy',
  schema: z.strictObject({
    ...nameField,
    codedeploy: blueGreenSchema.check(
      z.describe('an ECS service, deployed blue/green → a CodeDeployToECS action'),
    ),
    ...artifactFields,
  }),
  called: ({ codedeploy: { application } }) => application,
  reads: ({ codedeploy: { images } }) =>
    Object.entries(images).map(([placeholder, artifact]) => ({
      artifact,
      path: ['codedeploy', 'images', placeholder],
    })),
  passes: ({ codedeploy: { roles } }) => roles,
  configuration: ({ codedeploy: { application, group, traffic } }, scope) => ({
    application: expandText(application, scope),
    group: expandText(group, scope),
    name: traffic === undefined ? '*' : configurationName(expandText(traffic, scope)),
  }),
  expand: ({ codedeploy: deploy }, scope) => {
    const images = Object.entries(deploy.images).map(
      ([placeholder, artifact]) => [placeholder, scope.artifacts[artifact] ?? ''] as const,
    )
    const application = expandText(deploy.application, scope)
    return {
      deploy: {
        name: `release-${application}-${scope.place}`,
        actionTypeId: provider.codeDeployToEcs.type,
        configuration: {
          ApplicationName: application,
          DeploymentGroupName: expandText(deploy.group, scope),
          TaskDefinitionTemplateArtifact: scope.input,
          TaskDefinitionTemplatePath: expandText(deploy.taskDefinition, scope),
          AppSpecTemplateArtifact: scope.input,
          AppSpecTemplatePath: expandText(deploy.appspec, scope),
          ...Object.fromEntries(
            images.flatMap(([placeholder, artifact], index) => [
              [`Image${index + 1}ArtifactName`, artifact],
              [`Image${index + 1}ContainerName`, placeholder],
            ]),
          ),
        },
        inputArtifacts: [...new Set([scope.input, ...images.map(([, artifact]) => artifact)])].map(
          (name) => ({ name }),
        ),
        roleArn: scope.actionRole,
        region: scope.region,
      },
    }
  },
})

const configurationName = (traffic: string): string =>
  TRAFFIC.test(traffic) ? `${OF_AWS}${traffic}` : traffic
