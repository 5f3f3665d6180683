/**
 * The example's whole pipeline, from the push to the last deployment, less the time of its own build commands; beside
 * these, which any machine that ships the example has to run.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type Measurement, median } from './measurement.ts'

const execute = promisify(execFile)

interface DemoReport {
  readonly milliseconds: number
  readonly runs: readonly { readonly milliseconds: number; readonly buildMilliseconds: number }[]
}

export async function run(): Promise<Measurement[]> {
  const pipeline: number[] = []
  const total: number[] = []
  const commands: number[] = []
  const allCommands: number[] = []
  for (let round = 0; round < 3; round++) {
    const { stdout } = await execute(process.execPath, ['dist/cli.cjs', 'demo', '--yes', '--json'])
    const report = JSON.parse(stdout) as DemoReport
    const [first] = report.runs
    commands.push(first!.buildMilliseconds)
    allCommands.push(report.runs.reduce((sum, run) => sum + run.buildMilliseconds, 0))
    pipeline.push(first!.milliseconds - first!.buildMilliseconds)
    total.push(report.milliseconds)
  }
  return [
    {
      name: 'example pipeline less its build commands',
      value: median(pipeline),
      unit: 'ms',
      beside: [{ name: 'its build commands', value: median(commands) }],
      aim: { atMost: 3000 },
    },
    {
      name: 'demo: deploy, push, pipeline, invoke',
      value: median(total),
      unit: 'ms',
      beside: [{ name: 'its build commands', value: median(allCommands) }],
    },
  ]
}
