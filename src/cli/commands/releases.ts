/** `crossdock releases`: what was shipped through a stage, newest first, with what came in between. */
import { type Release, releasesOf, shippingStages } from '../../operate/index.ts'
import type { Command } from '../command.ts'
import type { Terminal } from '../terminal.ts'
import { revisionText, startedBy } from '../view/execution-line.ts'
import { age } from '../view/text.ts'
import {
  checkedStage,
  choosePipeline,
  declarationIn,
  FLEET_OPTION,
  PIPELINE_ARGUMENT,
  STAGE_OPTION,
  withWorkspace,
} from '../workspace.ts'

export const releases: Command = {
  arguments: [PIPELINE_ARGUMENT],
  options: [FLEET_OPTION, STAGE_OPTION],
  examples: ['releases shop --stage prod', 'releases shop --json'],
  run: (invocation) =>
    withWorkspace(invocation, async (workspace) => {
      const { terminal, options } = invocation
      const pipeline = choosePipeline(workspace, invocation.arguments[0])
      const { stages } = declarationIn(workspace, pipeline)
      const wanted = checkedStage({ pipeline, stages }, options.stage)
      const names = wanted === undefined ? shippingStages({ stages }) : [wanted]
      const found = await Promise.all(
        names.map(async (stage) => ({ stage, releases: await releasesOf(workspace, pipeline, stage) })),
      )
      if (options.json) terminal.print(JSON.stringify({ pipeline, stages: found }, null, 2))
      else for (const { stage, releases } of found) print(terminal, `${pipeline} / ${stage}`, releases)
      return 0
    }),
}

function print(terminal: Terminal, name: string, releases: readonly Release[]): void {
  const { colors } = terminal
  terminal.print(colors.bold(name))
  if (!releases.length) terminal.print(colors.dim('  nothing was shipped yet'))
  for (const { execution, at, between } of releases) {
    const { target } = execution
    const when = at === undefined ? '' : `${age(Date.now() - at)} ago`
    const back = target ? colors.yellow(`  rollback to ${target}`) : ''
    terminal.print(
      `  ${execution.id}  ${revisionText(execution.revisions).padEnd(30)} ${colors.dim(`${when.padEnd(11)} ${startedBy(execution)}`)}${back}`.trimEnd(),
    )
    for (const { id, status, revisions } of between)
      terminal.print(
        colors.dim(`      with it ${revisionText(revisions) || id} (${status.toLowerCase()} before)`),
      )
  }
}
