/** What starts pipelines: twice, never, or when something else changes. */
import { parseArn } from '../../../../model/index.ts'
import type { KnownStart, Landscape } from '../../../landscape/landscape.ts'
import type { FindingDetails, LintRule } from '../rule.ts'
import {
  compiledPattern,
  DEFAULT_BUS,
  differences,
  pipelineStarts,
  type StartedSource,
} from '../source-starts.ts'

/** AWS: "your pipeline starts twice for a single source change" where it is polled beside a rule (CodePipeline's guide). */
export const startsTwice: LintRule = {
  id: 'starts-twice',
  summary: 'One change of a source starts its pipeline twice.',
  find: ({ landscape }) =>
    sourcesIn(landscape).flatMap(
      ({ pipeline: { declaration, origin }, action, starts, isPolled, seenBy }) => {
        const [first, second] = seenBy
        const what = `one change of the source ${action.name} starts the pipeline ${declaration.name} twice`
        if (first && isPolled)
          return {
            severity: 'warning',
            message: `${what}: CodePipeline polls for it, and the rule ${nameOf(first.start)} sees it`,
            fix: `set ${starts.polling} to "false" in the configuration of ${action.name}`,
            origin,
          }
        if (!first || !second) return []
        return {
          severity: 'warning',
          message: `${what}: the rules ${nameOf(first.start)} and ${nameOf(second.start)} both see it`,
          fix: `take the pipeline from the targets of ${nameOf(second.start)}`,
          origin: second.start.origin,
        }
      },
    ),
}

export const startRuleOfAnotherSource: LintRule = {
  id: 'start-rule-of-another-source',
  summary: 'A rule starts a pipeline for changes that none of its sources has.',
  find: ({ landscape }) =>
    pipelineStarts(landscape).flatMap(({ pipeline, rules, sources }) =>
      rules.flatMap((start): FindingDetails[] => {
        const meant = sources.filter((source) => speaksOf(start, source, landscape))
        const [source] = meant
        if (!source || sources.some(({ seenBy }) => seenBy.some((one) => one.start === start))) return []
        const isLost = meant.some((one) => isStartedByNothing(one))
        return [
          {
            severity: isLost ? 'error' : 'warning',
            message: `the rule ${nameOf(start)} never sees a change of ${source.action.name}, a source of the pipeline ${pipeline.declaration.name} that it starts: ${differences(start, source.events, landscape.standIns).join('; ')}`,
            fix: `let its pattern name what the configuration of ${source.action.name} names`,
            origin: start.origin,
          },
        ]
      }),
    ),
}

export const startRuleDisabled: LintRule = {
  id: 'start-rule-disabled',
  summary: 'A rule that would start a pipeline is disabled.',
  find: ({ landscape }) =>
    landscape.starts
      .filter(({ isDisabled }) => isDisabled)
      .map((start) => ({
        severity: 'warning',
        message: `the rule ${nameOf(start)}, which starts the pipeline ${parseArn(start.pipeline)?.resource ?? start.pipeline}, is disabled`,
        fix: 'enable it',
        origin: start.origin,
      })),
}

/** AWS: of the targets of rules only event buses may be in another region; a pipeline is in the rule's account as well. */
export const startRuleElsewhere: LintRule = {
  id: 'start-rule-elsewhere',
  summary: 'A rule is in another account or region than the pipeline that it starts.',
  find: ({ landscape }) =>
    landscape.starts.flatMap((start): FindingDetails[] => {
      const target = parseArn(start.pipeline)
      const isOpen = landscape.standIns.in(start.pipeline).length > 0
      if (start.bus || isOpen || !target) return []
      if (target.region === start.region && target.account === start.account) return []
      return [
        {
          severity: 'error',
          message: `the rule ${nameOf(start)} of ${start.account} ${start.region} has the pipeline ${target.resource} of ${target.account} ${target.region} as target; EventBridge refuses it`,
          fix: `make the rule in ${target.account} ${target.region}, and send it the events by a rule whose target is the event bus there`,
          origin: start.origin,
        },
      ]
    }),
}

/** AWS: each of the two starts an execution of its own, and each execution fetches both. */
export const twoSourcesOfOne: LintRule = {
  id: 'two-sources-of-one',
  summary: 'Two source actions of a pipeline watch the same thing.',
  find: ({ landscape }) =>
    pipelineStarts(landscape).flatMap(({ pipeline: { declaration, origin }, sources }) =>
      sources.flatMap((source, index): FindingDetails[] => {
        const twin = sources.slice(0, index).find((one) => watchOf(one) === watchOf(source))
        if (!twin || (isStartedByNothing(source) && isStartedByNothing(twin))) return []
        const watched = source.starts.watches.map((key) => source.action.configuration?.[key]).join(' ')
        return [
          {
            severity: 'warning',
            message: `the sources ${twin.action.name} and ${source.action.name} of the pipeline ${declaration.name} both watch ${watched}: one change starts it twice`,
            fix: `take out one of the two, and let what needs it use the other's artifact`,
            origin,
          },
        ]
      }),
    ),
}

const sourcesIn = (landscape: Landscape): StartedSource[] =>
  pipelineStarts(landscape).flatMap(({ sources }) => sources)

/** A rule's name; what a template leaves nameless is told by its logical id. */
export const nameOf = ({ rule, origin }: KnownStart): string =>
  rule.includes('<') && origin.logicalId !== undefined ? origin.logicalId : rule.replace(/^.*:rule\//, '')

/** What nobody knows may start it. */
const isStartedByNothing = ({ isPolled, isListening, seenBy }: StartedSource): boolean =>
  isPolled === false && isListening === false && !seenBy.length

const watchOf = ({ action: { actionTypeId, configuration = {} }, starts }: StartedSource): string =>
  JSON.stringify([actionTypeId.provider, ...starts.watches.map((key) => configuration[key])])

/** Whether a rule waits for events of the service that tells of a source's changes. */
function speaksOf(start: KnownStart, { events }: StartedSource, { standIns }: Landscape): boolean {
  const sources = compiledPattern(start.pattern, standIns)?.strings.get('source') ?? []
  return start.listensTo === DEFAULT_BUS && events.some(({ event }) => sources.includes(String(event.source)))
}
