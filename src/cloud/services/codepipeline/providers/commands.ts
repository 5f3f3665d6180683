/** Shell commands, run by CodeBuild on compute of the pipeline's own and waited for as a build is. */
import type { Build } from '@aws-sdk/client-codebuild'
import { entryOf, parseArn } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import { storeOf } from '../engine/artifact-objects.ts'
import { location, runWork, workOf } from './code-build.ts'
import type { ActionJob, Outcome, Runner } from './runner.ts'

/** AWS: "CodeBuild image" of the Commands rule; the action has the same compute by default. */
const IMAGE = 'aws/codebuild/amazonlinux2-x86_64-standard:5.0'
const COMPUTE = 'BUILD_GENERAL1_SMALL'

export const commands: Runner = {
  id: 'Compute/Commands',
  run: (job) => runCommands(job),
}

/** Gives what the commands have exported. Errors: ActionFailure where one of them fails. */
export const runCommands = (job: ActionJob): Promise<Outcome> => {
  const { action, configuration } = job
  return runCompute(job, {
    commands: (action.commands ?? []).map(job.resolve),
    computeType: configuration.ComputeType || COMPUTE,
    variables: (action.environmentVariables ?? []).map(({ name, value, type = 'PLAINTEXT' }) => ({
      name,
      value: job.resolve(value),
      type,
    })),
    exported: [...(action.outputVariables ?? [])],
  })
}

type Wish = Input<'codebuild', 'RunCommands'>

/** Runs commands on compute of the pipeline's own, as the role in effect. */
export const runCompute = (
  job: ActionJob,
  asked: Pick<Wish, 'commands' | 'variables' | 'exported'> & Partial<Pick<Wish, 'computeType' | 'publishes'>>,
): Promise<Outcome> =>
  runWork(
    job,
    {
      look: async (_, id) => {
        const { build } = await job.call('codebuild', 'GetCommands', { id })
        return build && workOf(build as Build)
      },
    },
    async () => {
      const { build } = await job.call('codebuild', 'RunCommands', { ...surroundings(job), ...asked })
      return workOf(build as Build)
    },
  )

function surroundings(job: ActionJob) {
  const { action, pipeline, pipelineArn, inputs, outputs, ctx } = job
  const [output] = outputs
  const files = [...(action.outputArtifacts?.[0]?.files ?? [])]
  return {
    pipeline: {
      name: pipeline.name,
      arn: pipelineArn,
      account: parseArn(pipelineArn)?.account ?? ctx.account,
      role: pipeline.roleArn,
    },
    role: action.roleArn ?? pipeline.roleArn,
    image: IMAGE,
    computeType: COMPUTE,
    inputs: inputs.map((one) => ({ name: one.name, location: location(one) })),
    revision: inputs[0] && entryOf(job.revisions, inputs[0].name)?.id,
    ...(output && { output: { location: location(output), files } }),
    encryptionKey: storeOf(pipeline, job.region, ctx.region).encryptionKey?.id,
  }
}
