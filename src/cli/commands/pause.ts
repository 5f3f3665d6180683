/** `crossdock pause` and `crossdock resume`: hold what would enter a stage, and let it in again. */
import { userInfo } from 'node:os'
import { pauseStage, resumeStage } from '../../operate/index.ts'
import { type Command, type Invocation, UsageError } from '../command.ts'
import {
  checkedStage,
  choosePipeline,
  declarationIn,
  FLEET_OPTION,
  PIPELINE_ARGUMENT,
  STAGE_OPTION,
  type Workspace,
  withWorkspace,
} from '../workspace.ts'

interface Held {
  readonly pipeline: string
  readonly stage: string
}

/** Errors: UsageError without `--stage`, FleetError where there is no such stage. */
function heldIn(workspace: Workspace, { arguments: [named], options }: Invocation): Held {
  const pipeline = choosePipeline(workspace, named)
  const declaration = declarationIn(workspace, pipeline)
  const stage = checkedStage({ pipeline, stages: declaration.stages }, options.stage)
  if (stage !== undefined) return { pipeline, stage }
  const names = declaration.stages.slice(1).map(({ name }) => name)
  throw new UsageError(`name the stage with --stage: ${names.join(', ')}`)
}

export const pause: Command = {
  arguments: [PIPELINE_ARGUMENT],
  options: [
    FLEET_OPTION,
    STAGE_OPTION,
    { flags: '-m, --message <text>', description: 'the reason, which "crossdock status" shows' },
  ],
  examples: ['pause shop --stage prod -m "until the fair is over"'],
  run: (invocation) =>
    withWorkspace(invocation, async (workspace) => {
      const { terminal, options } = invocation
      const held = heldIn(workspace, invocation)
      const reason =
        typeof options.message === 'string' ? options.message : `paused by ${userInfo().username}`
      await pauseStage(workspace, held.pipeline, held.stage, reason)
      terminal.print(
        options.json
          ? JSON.stringify({ ...held, paused: true, reason })
          : `paused ${held.pipeline} / ${held.stage}: nothing enters it until "crossdock resume ${held.pipeline} --stage ${held.stage}"`,
      )
      return 0
    }),
}

export const resume: Command = {
  arguments: [PIPELINE_ARGUMENT],
  options: [FLEET_OPTION, STAGE_OPTION],
  examples: ['resume shop --stage prod'],
  run: (invocation) =>
    withWorkspace(invocation, async (workspace) => {
      const { terminal, options } = invocation
      const held = heldIn(workspace, invocation)
      await resumeStage(workspace, held.pipeline, held.stage)
      terminal.print(
        options.json
          ? JSON.stringify({ ...held, paused: false })
          : `resumed ${held.pipeline} / ${held.stage}: what waits goes in`,
      )
      return 0
    }),
}
