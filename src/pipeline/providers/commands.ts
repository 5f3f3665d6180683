/** Shell commands run by CodePipeline itself, without a build project. */
import { formatArn } from '../../model/index.ts'
import { type ActionProvider, between, needAll } from '../provider.ts'

export const commands: ActionProvider = {
  type: { category: 'Compute', owner: 'AWS', provider: 'Commands', version: '1' },
  inputs: between(1, 10),
  outputs: between(0, 1),
  configuration: {
    EnvironmentType: { values: ['LINUX_CONTAINER', 'WINDOWS_SERVER_2022_CONTAINER'] },
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
  check: ({ commands: lines = [] }) => {
    if (!lines.length) return ['commands are required']
    return lines.some((line) => line.includes('\n')) ? ['a command must be a single line'] : []
  },
  needs: ({ pipeline, action, role, account, region, reads, writes }) => {
    const because = `to write the log of the commands of ${action.name}`
    const group = formatArn('logs', region, account, `log-group:/aws/codepipeline/${pipeline.name}`)
    const secrets = (action.environmentVariables ?? []).filter((one) => one.type === 'SECRETS_MANAGER')
    return [
      ...needAll(role, ['logs:CreateLogGroup'], group, because),
      ...needAll(role, ['logs:CreateLogStream', 'logs:PutLogEvents'], `${group}:log-stream:*`, because),
      ...secrets.flatMap(({ value }) =>
        needAll(
          role,
          ['secretsmanager:GetSecretValue'],
          value.startsWith('arn:')
            ? value
            : formatArn('secretsmanager', region, account, `secret:${value}-??????`),
          'to put a secret into the environment of the commands',
        ),
      ),
      ...(action.inputArtifacts ?? []).flatMap((one) =>
        reads(role, one.name, `to read the artifact ${one.name}`),
      ),
      ...(action.outputArtifacts ?? []).flatMap((one) =>
        writes(role, one.name, `to store the artifact ${one.name}`),
      ),
    ]
  },
}
