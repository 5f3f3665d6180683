/** Shell commands run by CodePipeline itself, without a build project. */
import { computeLogNeeds, inputNeeds } from '../compute-needs.ts'
import { secretArn } from '../environment-values.ts'
import { type ActionProvider, between, needAll } from '../provider.ts'
import type { ActionSurroundings } from '../surroundings.ts'

const LINUX = 'LINUX_CONTAINER'

/**
 * AWS: "Commands action reference": the log's permissions and the secrets', for the pipeline's role or the action's own; the
 * artifacts as "Manage the CodePipeline service role" has them.
 */
export const commands: ActionProvider = {
  type: { category: 'Compute', owner: 'AWS', provider: 'Commands', version: '1' },
  inputs: between(1, 10),
  outputs: between(0, 1),
  configuration: {
    EnvironmentType: { values: [LINUX, 'WINDOWS_SERVER_2022_CONTAINER'] },
    ComputeType: {
      values: ['BUILD_GENERAL1_SMALL', 'BUILD_GENERAL1_MEDIUM', 'BUILD_GENERAL1_LARGE'],
      names: 'compute',
    },
    VpcId: {},
    Subnets: {},
    SecurityGroupIds: {},
  },
  variables: 'dynamic',
  pipelineType: 'V2',
  cost: 'compute',
  refusedPart: ({ configuration = {} }) => {
    const { EnvironmentType: type = LINUX, VpcId } = configuration
    if (type !== LINUX) return `the environment ${type}`
    return VpcId ? 'the VPC' : undefined
  },
  check: ({ commands: lines = [] }) => {
    if (!lines.length) return ['commands are required']
    return lines.some((line) => line.includes('\n')) ? ['a command must be a single line'] : []
  },
  needs: (around) => {
    const { action, role, writes } = around
    return [
      ...computeLogNeeds(around),
      ...secretsOf(around).flatMap((secret) =>
        needAll(
          role,
          ['secretsmanager:GetSecretValue'],
          secret,
          'to put a secret into the environment of the commands',
        ),
      ),
      ...inputNeeds(around),
      ...(action.outputArtifacts ?? []).flatMap((one) =>
        writes(role, one.name, `to store the artifact ${one.name}`),
      ),
    ]
  },
}

/** AWS: the value is a secret's name, with the key of its JSON behind a colon (`apiTokens:bedrockToken`). */
const secretsOf = ({ action, account, region }: ActionSurroundings): string[] =>
  (action.environmentVariables ?? []).flatMap(({ type, value }) =>
    type === 'SECRETS_MANAGER' ? secretArn(value, { account, region }) : [],
  )
