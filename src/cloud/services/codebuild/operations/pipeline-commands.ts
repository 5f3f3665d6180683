/** RunCommands and GetCommands: compute of a pipeline's own, which CodePipeline asks for and nobody else sees. */
import { formatArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import type { PrivateApi } from '../../../kernel/private-operations.ts'
import { beginCompute } from '../engine/begin-build.ts'
import { newBuild } from '../engine/new-build.ts'
import { builds, type StoredBuild, type StoredProject, shownBuild } from '../state.ts'
import { typed } from './projects.ts'

type Wish = PrivateApi['codebuild']['RunCommands']['input']

/** Minutes. AWS: "The timeout for builds with the Commands action is 55 minutes". */
const TIMEOUT = 55

/** AWS: no permission of CodeBuild's is asked for; what the commands do is done as the role that they work as. */
export const RunCommands = operation({
  service: 'codebuild',
  name: 'RunCommands',
  access: () => [],
  run: (wish, ctx) => ({ build: shownBuild(beginCompute(ctx, computeBuild(ctx, wish))) }),
})

export const GetCommands = operation({
  service: 'codebuild',
  name: 'GetCommands',
  access: () => [],
  run: ({ id }, ctx) => {
    const build = ctx.table(builds).get(id)
    return { build: build?.compute && shownBuild(build) }
  },
})

function computeBuild(ctx: Context, wish: Wish): StoredBuild {
  const { pipeline, role, inputs, output, revision } = wish
  const name = `codepipeline-${pipeline.name}`
  const [first, ...more] = inputs
  const project: StoredProject = {
    name,
    arn: formatArn('codebuild', ctx.region, ctx.account, `project/${name}`),
    buildCount: 0,
    source: { type: 'CODEPIPELINE', location: first?.location, buildspec: buildspecOf(wish) },
    secondarySources: more.map((one) => ({
      type: 'CODEPIPELINE',
      sourceIdentifier: one.name,
      location: one.location,
    })),
    artifacts: output ? { type: 'CODEPIPELINE', location: output.location } : { type: 'NO_ARTIFACTS' },
    environment: {
      type: 'LINUX_CONTAINER',
      image: wish.image,
      computeType: wish.computeType as never,
      ...(wish.publishes && { privilegedMode: true }),
      environmentVariables: typed(wish.variables as never),
    },
    serviceRole: role,
    encryptionKey: wish.encryptionKey,
    timeoutInMinutes: TIMEOUT,
    logsConfig: {
      cloudWatchLogs: { status: 'ENABLED', groupName: `/aws/codepipeline/${pipeline.name}` },
    },
  }
  return {
    ...newBuild(ctx, project, { projectName: name, sourceVersion: revision }),
    compute: {
      pipeline: pipeline.arn,
      account: pipeline.account,
      pipelineRole: pipeline.role,
      ...(wish.publishes && { publishes: true }),
    },
  }
}

/** AWS: "For example, enter `**\/` for all files"; without a pattern all files are taken. */
const patternOf = (file: string): string => (/^\*\*\/$/.test(file) ? '**/*' : file)

const buildspecOf = ({ commands, exported, output }: Wish): string =>
  JSON.stringify({
    version: 0.2,
    ...(exported.length && { env: { 'exported-variables': exported } }),
    phases: { build: { commands } },
    ...(output && { artifacts: { files: output.files.length ? output.files.map(patternOf) : ['**/*'] } }),
  })
