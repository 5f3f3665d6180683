/** `crossdock start`: starts a pipeline by hand. */
import { startExecution, type WantedRevision } from '../../operate/index.ts'
import { type Command, type OptionValue, UsageError } from '../command.ts'
import { watchExecution } from '../watch-execution.ts'
import { choosePipeline, FLEET_OPTION, PIPELINE_ARGUMENT, WAIT_OPTION, withWorkspace } from '../workspace.ts'

export const start: Command = {
  arguments: [PIPELINE_ARGUMENT],
  options: [
    FLEET_OPTION,
    {
      flags: '--source <action=revision...>',
      description:
        'the revision that a source is to take: a commit, an image’s digest, an object’s version (or key: <action>:S3_OBJECT_KEY=<key>)',
    },
    { flags: '--variable <name=value...>', description: 'a variable of the pipeline' },
    WAIT_OPTION,
  ],
  examples: [
    'start shop',
    'start shop --wait --source Source=0123456789abcdef0123456789abcdef01234567',
    'start shop --variable level=debug',
  ],
  run: (invocation) => {
    const { terminal, options } = invocation
    const sources = pairs(options.source, '--source').map(([name, revision]): WantedRevision => {
      const [action = '', type] = name.split(':')
      return { action, revision, ...(type && { type }) }
    })
    const variables = Object.fromEntries(pairs(options.variable, '--variable'))
    return withWorkspace(invocation, async (workspace) => {
      const pipeline = choosePipeline(workspace, invocation.arguments[0])
      const execution = await startExecution(workspace, pipeline, { sources, variables })
      if (!options.json) terminal.print(`started ${pipeline}: execution ${execution}`)
      if (options.wait) return watchExecution(workspace, invocation, { pipeline, execution })
      if (options.json) terminal.print(JSON.stringify({ pipeline, execution }))
      return 0
    })
  },
}

/** What `name=value` says, as often as it stands there. Errors: UsageError. */
function pairs(given: OptionValue, option: string): [string, string][] {
  const texts = given === undefined ? [] : [given].flat().map(String)
  return texts.map((text) => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
    if (name === undefined || value === undefined)
      throw new UsageError(`${option} takes <name>=<value>, not "${text}"`)
    return [name, value]
  })
}
