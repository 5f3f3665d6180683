import { expect, test } from 'vitest'
import { reportGroupsIn, reportNeeds } from './build-reports.ts'

const AT = { account: '111111111111', region: 'us-east-1' }
const groups = (buildspec: string) => reportGroupsIn(buildspec, 'web', AT)
const arn = (name: string) => `arn:aws:codebuild:us-east-1:111111111111:report-group/${name}`

test('reports of a buildspec lead to groups: by name to the project’s own, by ARN to those that are there', () => {
  const shared = arn('shared')
  const found = groups(
    `version: 0.2\nreports: { unit: { files: x }, lines: { files: x, file-format: CloverXml }, "${shared}": }`,
  )
  expect(found).toEqual([
    { group: arn('web-unit'), named: true, coverage: false },
    { group: arn('web-lines'), named: true, coverage: true },
    { group: shared, named: false, coverage: false },
  ])
  const asked = reportNeeds('role', found).map(
    ({ action, resource }) => `${action.slice(10)} ${resource.replace(/.*\//, '')}`,
  )
  expect(asked).toEqual([
    'CreateReportGroup web-unit',
    'CreateReport web-unit',
    'UpdateReport web-unit',
    'BatchPutTestCases web-unit',
    'CreateReportGroup web-lines',
    'CreateReport web-lines',
    'UpdateReport web-lines',
    'BatchPutCodeCoverages web-lines',
    'CreateReport shared',
    'UpdateReport shared',
    'BatchPutTestCases shared',
  ])
})

test.each([
  '',
  'reports.yml',
  'ci/reports/buildspec.yml',
  'reports: [',
  'reports: 7',
  '{version: 0.2}',
  'reports: {$NAME: {files: x}}',
])('nothing is known from %j', (buildspec) => expect(groups(buildspec)).toEqual([]))
