/** A scan of source code or of an image for vulnerabilities, by Amazon Inspector. */
import { type ActionDeclaration, formatArn, type Need } from '../../model/index.ts'
import { computeLogNeeds, inputNeeds } from '../compute-needs.ts'
import { type ActionProvider, awsAction, between, needAll, optionally } from '../provider.ts'
import type { ActionSurroundings } from '../surroundings.ts'

const IMAGE = 'ECRImageScan'
const THRESHOLDS = ['CriticalThreshold', 'HighThreshold', 'MediumThreshold', 'LowThreshold']

/**
 * AWS: "Amazon Inspector InspectorScan invoke action reference": a scan of an image needs no input artifact; the log's
 * permissions it names "in order to view CloudWatch logs".
 */
export const inspectorScan: ActionProvider = {
  type: awsAction('Invoke', 'InspectorScan'),
  inputs: between(0, 1),
  outputs: between(0, 1),
  configuration: {
    InspectorRunMode: { required: true, values: ['SourceCodeScan', IMAGE] },
    ECRRepositoryName: { names: 'imageRepository' },
    ImageTag: {},
    ...Object.fromEntries(THRESHOLDS.map((key) => [key, {}])),
  },
  variables: ['HighestScannedSeverity'],
  cost: 'compute',
  refusedLocally: true,
  check,
  needs: (around) => [
    ...needAll(around.role, ['inspector-scan:ScanSbom'], '*', 'to scan for vulnerabilities'),
    ...imageNeeds(around),
    ...optionally(computeLogNeeds(around)),
    ...inputNeeds(around),
    ...(around.action.outputArtifacts ?? []).flatMap(({ name }) =>
      around.writes(around.role, name, `to store the findings in the artifact ${name}`, {
        acl: 'across accounts',
      }),
    ),
  ],
}

function check({ configuration = {}, inputArtifacts = [] }: ActionDeclaration): string[] {
  const { InspectorRunMode: mode = '', ECRRepositoryName: repository } = configuration
  const problems = THRESHOLDS.flatMap((key) => {
    const text = configuration[key]
    return text && !text.includes('#{') && !/^\d+$/.test(text)
      ? [`${key} is "${text}" but must be a number of vulnerabilities`]
      : []
  })
  if (mode === IMAGE && !repository)
    problems.push(`ECRRepositoryName is required where InspectorRunMode is ${IMAGE}`)
  if (mode === 'SourceCodeScan' && !inputArtifacts.length)
    problems.push('an input artifact is required where InspectorRunMode is SourceCodeScan')
  return problems
}

function imageNeeds({ role, account, region, value }: ActionSurroundings): Need[] {
  const name = value('ECRRepositoryName')
  if (!name || value('InspectorRunMode') !== IMAGE) return []
  return needAll(
    role,
    ['ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage', 'ecr:BatchCheckLayerAvailability'],
    formatArn('ecr', region, account, `repository/${name}`),
    `to read the image of the repository ${name}`,
  )
}
