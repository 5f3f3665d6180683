/** Reports of a build: parsed, kept in groups, and refused where the role may not make them. */
import {
  BatchGetReportGroupsCommand,
  BatchGetReportsCommand,
  CreateReportGroupCommand,
  DeleteReportCommand,
  DeleteReportGroupCommand,
  DescribeCodeCoveragesCommand,
  DescribeTestCasesCommand,
  GetReportGroupTrendCommand,
  ListReportGroupsCommand,
  ListReportsCommand,
  ListReportsForReportGroupCommand,
  UpdateReportGroupCommand,
} from '@aws-sdk/client-codebuild'
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { beforeAll, describe, expect, it } from 'vitest'
import { driveStacks } from '../cloudformation/stack-driver.ts'
import { buildspec, failureOf, HUB, openBuilder, phasesOf } from './builder.ts'

const builder = await openBuilder()
const { codebuild } = builder
let serviceRole: string

beforeAll(async () => {
  const actions = [
    'CreateReportGroup',
    'CreateReport',
    'UpdateReport',
    'BatchPutTestCases',
    'BatchPutCodeCoverages',
  ]
  serviceRole = await builder.role('reporting', [
    { Action: ['logs:*', 's3:*', 'kms:*'] },
    { Action: actions.map((one) => `codebuild:${one}`) },
  ])
})

const group = (name: string) => `arn:aws:codebuild:us-east-1:${HUB}:report-group/${name}`
const junit = (cases: string) => `<?xml version="1.0"?><testsuite name="suite">${cases}</testsuite>`
const GOOD = junit('<testcase classname="a.B" name="works" time="0.5"/>')
const BAD = junit(
  '<testcase classname="a.B" name="works" time="1.5"/><testcase classname="a.B" name="breaks"><failure message="1 is not 2"/></testcase>',
)
const writing = (files: Record<string, string>, reports: object, more: object = {}) =>
  buildspec(
    {
      build: Object.entries(files).map(
        ([name, text]) => `mkdir -p "$(dirname ${name})"; cat > ${name} <<'EOF'\n${text}\nEOF`,
      ),
    },
    { reports, ...more },
  )
const reportOf = async (arn: string) =>
  (await codebuild.send(new BatchGetReportsCommand({ reportArns: [arn] }))).reports![0]!

describe('a report', () => {
  it('is kept in a group that is named for project and report, with its cases', async () => {
    const spec = writing(
      { 'out/one.xml': GOOD, 'out/two.xml': BAD, 'out/notes.txt': 'no report' },
      {
        unit: { files: '**/*', 'base-directory': 'out' },
      },
    )
    const { build, log } = await builder.once('tested', spec, { serviceRole })
    expect(build.buildStatus).toBe('SUCCEEDED')
    const [arn = ''] = build.reportArns!
    expect(arn).toMatch(new RegExp(`^arn:aws:codebuild:us-east-1:${HUB}:report/tested-unit:[0-9a-f-]{36}$`))
    expect(await reportOf(arn)).toMatchObject({
      type: 'TEST',
      reportGroupArn: group('tested-unit'),
      executionId: build.arn,
      status: 'FAILED',
      truncated: false,
      testSummary: {
        total: 3,
        statusCounts: { SUCCEEDED: 2, FAILED: 1, ERROR: 0, SKIPPED: 0, UNKNOWN: 0 },
        durationInNanoSeconds: 2e9,
      },
    })
    const { testCases } = await codebuild.send(
      new DescribeTestCasesCommand({ reportArn: arn, filter: { status: 'FAILED' } }),
    )
    expect(testCases).toMatchObject([
      {
        name: 'breaks',
        prefix: 'a.B',
        message: '1 is not 2',
        testRawDataPath: 'two.xml',
        testSuiteName: 'suite',
      },
    ])
    expect(log).toContain('error reading the report file notes.txt')
    expect(log).toContain(`[Container] TEST report ${arn}: FAILED, 3 tests`)
    const { reports } = await codebuild.send(
      new ListReportsForReportGroupCommand({
        reportGroupArn: group('tested-unit'),
        filter: { status: 'FAILED' },
      }),
    )
    expect(reports).toEqual([arn])
    const rate = { reportGroupArn: group('tested-unit'), trendField: 'PASS_RATE' as const }
    await builder.build('tested', {
      buildspecOverride: writing(
        { 'out/one.xml': GOOD },
        { unit: { files: '**/*', 'base-directory': 'out' } },
      ),
    })
    const trend = await codebuild.send(new GetReportGroupTrendCommand(rate))
    expect(trend.stats?.max).toBe('100')
    expect(trend.rawData?.map(({ data }) => Math.round(Number(data)))).toEqual([100, 67])
    const newest = await codebuild.send(new GetReportGroupTrendCommand({ ...rate, numOfReports: 1 }))
    expect(newest.stats).toEqual({ average: '100', max: '100', min: '100' })
    const lines = await codebuild.send(
      new GetReportGroupTrendCommand({ ...rate, trendField: 'LINE_COVERAGE' }),
    )
    expect([lines.stats, lines.rawData]).toEqual([undefined, []])
  })

  it('tells how much of each file was run', async () => {
    const text =
      '<coverage><project><file path="a.js"><metrics statements="4" coveredstatements="3"/></file></project></coverage>'
    const spec = writing(
      { 'clover.xml': text },
      { cover: { files: ['clover.xml'], 'file-format': 'CloverXml' } },
    )
    const { build } = await builder.once('covered', spec, { serviceRole })
    const [reportArn = ''] = build.reportArns!
    expect((await reportOf(reportArn)).codeCoverageSummary).toMatchObject({
      lineCoveragePercentage: 75,
      linesMissed: 1,
    })
    const { codeCoverages } = await codebuild.send(new DescribeCodeCoveragesCommand({ reportArn }))
    expect(codeCoverages).toMatchObject([{ filePath: 'a.js', linesCovered: 3 }])
  })

  it('is there when tests fail the build', async () => {
    const spec = JSON.parse(writing({ 'r.xml': BAD }, { unit: { files: ['r.xml'] } }))
    spec.phases.build.commands.push('false')
    const { build } = await builder.once('failing', JSON.stringify(spec), { serviceRole })
    expect(phasesOf(build)).toContain('UPLOAD_ARTIFACTS SUCCEEDED')
    expect((await reportOf(build.reportArns![0]!)).status).toBe('FAILED')
  })

  it('keeps the 500 cases that matter most', async () => {
    const cases = Array.from(
      { length: 700 },
      (_, at) => `<testcase name="t${at}">${at > 690 ? '<error/>' : ''}</testcase>`,
    )
    const { build } = await builder.once(
      'many',
      writing({ 'r.xml': junit(cases.join('')) }, { unit: { files: 'r.xml' } }),
      { serviceRole },
    )
    const reportArn = build.reportArns![0]!
    expect(await reportOf(reportArn)).toMatchObject({ truncated: true, testSummary: { total: 700 } })
    const { testCases } = await codebuild.send(new DescribeTestCasesCommand({ reportArn }))
    expect(testCases!.slice(0, 10).map(({ status }) => status)).toEqual([
      ...Array(9).fill('ERROR'),
      'SUCCEEDED',
    ])
  })

  it.each<[string, object, Record<string, string>, RegExp]>([
    ['is not there', { unit: { files: 'nowhere.xml' } }, {}, /\[unit: \[report files not found in build\]\]/],
    [
      'is not XML',
      { unit: { files: 'r.xml' } },
      { 'r.xml': '<testsuite>' },
      /r.xml: the file is not well-formed XML/,
    ],
    [
      'brings entities of its own',
      { unit: { files: 'r.xml' } },
      { 'r.xml': '<!DOCTYPE x [<!ENTITY a "&b;&b;">]><testsuite/>' },
      /a document type of its own/,
    ],
    [
      'belongs to a group elsewhere',
      { [group('none')]: { files: 'r.xml' } },
      { 'r.xml': GOOD },
      /Report group cannot be found/,
    ],
  ])('that %s fails the build', async (name, reports, files, message) => {
    const { build } = await builder.once(name.replaceAll(' ', '-'), writing(files, reports), { serviceRole })
    expect(failureOf(build)).toMatch(/^UPLOAD_ARTIFACTS CLIENT_ERROR: Error in UPLOAD_ARTIFACTS phase: \[/)
    expect(failureOf(build)).toMatch(message)
  })

  it('fails the build whose role may not make it, in CodeBuild’s words', async () => {
    const { build } = await builder.once(
      'unauthorized',
      writing({ 'r.xml': GOOD }, { unit: { files: 'r.xml' } }),
    )
    expect(failureOf(build)).toMatch(
      /\[unit: \[error creating report group: AccessDeniedException: User: .*codebuild:CreateReportGroup on resource: .*unauthorized-unit/,
    )
  })
})

describe('a report group', () => {
  it('is shared by its ARN, exports what was written, and goes with its reports', async () => {
    await builder.client(S3Client).send(new CreateBucketCommand({ Bucket: 'exports' }))
    await codebuild.send(
      new CreateReportGroupCommand({
        name: 'shared',
        type: 'TEST',
        exportConfig: { exportConfigType: 'S3', s3Destination: { bucket: 'exports', path: 'raw' } },
      }),
    )
    const spec = writing({ 'r.xml': GOOD }, { [group('shared')]: { files: 'r.xml' } })
    const { build } = await builder.once('sharing', spec, { serviceRole })
    expect(build.buildStatus, failureOf(build)).toBe('SUCCEEDED')
    const arn = build.reportArns![0]!
    const { Contents } = await builder.client(S3Client).send(new ListObjectsV2Command({ Bucket: 'exports' }))
    expect(Contents!.map(({ Key }) => Key)).toEqual([`raw/${arn.slice(arn.lastIndexOf(':') + 1)}/r.xml`])
    expect((await codebuild.send(new ListReportGroupsCommand({}))).reportGroups).toContain(group('shared'))
    expect((await codebuild.send(new ListReportsCommand({}))).reports).toContain(arn)
    const exportConfig = { exportConfigType: 'NO_EXPORT' as const }
    await codebuild.send(new UpdateReportGroupCommand({ arn: group('shared'), exportConfig }))
    const gone = new DeleteReportGroupCommand({ arn: group('shared') })
    await expect(codebuild.send(gone)).rejects.toThrow(/contains reports/)
    await codebuild.send(new DeleteReportCommand({ arn }))
    await codebuild.send(gone)
    const looked = await codebuild.send(
      new BatchGetReportGroupsCommand({ reportGroupArns: [group('shared')] }),
    )
    expect(looked.reportGroupsNotFound).toEqual([group('shared')])
  })

  it('is made by a stack', async () => {
    const stacks = driveStacks(builder)
    const made = await stacks.create('reports', {
      Resources: {
        Group: {
          Type: 'AWS::CodeBuild::ReportGroup',
          Properties: {
            Name: 'stacked',
            Type: 'CODE_COVERAGE',
            ExportConfig: { ExportConfigType: 'NO_EXPORT' },
          },
        },
      },
      Outputs: { Ref: { Value: { Ref: 'Group' } }, Arn: { Value: { 'Fn::GetAtt': ['Group', 'Arn'] } } },
    })
    expect(made.StackStatus, (await stacks.events('reports')).join('\n')).toBe('CREATE_COMPLETE')
    expect(await stacks.outputs('reports')).toEqual({ Ref: group('stacked'), Arn: group('stacked') })
    expect((await stacks.remove('reports')).StackStatus).toBe('DELETE_COMPLETE')
  })
})
