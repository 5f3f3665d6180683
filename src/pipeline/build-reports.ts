/** The reports that a CodeBuild buildspec asks for: their formats, their groups, and what making them takes of a role. */
import {
  type Arn,
  entryOf,
  formatArn,
  isTooDeepYaml,
  type Need,
  type Target,
  yamlDocument,
} from '../model/index.ts'

/** AWS: build-spec-ref, file-format; its letters' case does not matter, and JUNITXML is meant where there is none. */
export const REPORT_FORMATS = {
  test: ['CUCUMBERJSON', 'JUNITXML', 'NUNITXML', 'NUNIT3XML', 'TESTNGXML', 'VISUALSTUDIOTRX'],
  coverage: ['CLOVERXML', 'COBERTURAXML', 'JACOCOXML', 'SIMPLECOV'],
} as const

export interface ReportGroupUse {
  readonly group: Arn
  /** Whether CodeBuild makes the group, being named by the buildspec and not by its ARN. */
  readonly named: boolean
  readonly coverage: boolean
}

/** AWS: a name in a buildspec stands for the group `<project>-<name>` (test-report-group-naming). */
export const reportGroupName = (project: string, name: string): string => `${project}-${name}`

/**
 * Gives the report groups that a project's buildspec uses, as far as it stands in the project; of a file in the source
 * nothing is known, nor of names that are variables.
 */
export function reportGroupsIn(buildspec: string, project: string, at: Target): ReportGroupUse[] {
  if (!/\breports\b/.test(buildspec) || isTooDeepYaml(buildspec)) return []
  const parsed = yamlDocument(buildspec, { logLevel: 'silent' })
  if (parsed.errors.length) return []
  const reports = entryOf(parsed.toJS() as Record<string, unknown> | null, 'reports')
  if (reports === null || typeof reports !== 'object' || Array.isArray(reports)) return []
  return Object.entries(reports as Record<string, unknown>)
    .filter(([name]) => !name.includes('$'))
    .map(([name, settings]) => {
      const format = String(entryOf(settings as Record<string, unknown> | null, 'file-format') ?? '')
      const named = !name.startsWith('arn:')
      return {
        group: named
          ? formatArn('codebuild', at.region, at.account, `report-group/${reportGroupName(project, name)}`)
          : name,
        named,
        coverage: (REPORT_FORMATS.coverage as readonly string[]).includes(format.toUpperCase()),
      }
    })
}

/**
 * AWS: a build fails whose role may not make its reports (aws/aws-cdk#7367); the actions are those of test-permissions.
 */
export function reportNeeds(role: Arn, uses: readonly ReportGroupUse[]): Need[] {
  return uses.flatMap(({ group, named, coverage }) => {
    const actions = [
      ...(named ? ['codebuild:CreateReportGroup'] : []),
      'codebuild:CreateReport',
      'codebuild:UpdateReport',
      coverage ? 'codebuild:BatchPutCodeCoverages' : 'codebuild:BatchPutTestCases',
    ]
    const because = 'to report what the build’s tests found'
    return actions.map((action) => ({ principal: role, action, resource: group, because }))
  })
}
