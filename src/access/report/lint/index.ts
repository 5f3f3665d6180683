/** Every rule, and what they find. */
import type { Finding } from '../../landscape/finding.ts'
import type { LintRule, LintSubject } from './rule.ts'
import { adminPolicy } from './rules/admin-policy.ts'
import { aliasConditionInKeyPolicy } from './rules/alias-condition-in-key-policy.ts'
import { aliasWhereArnIsNeeded } from './rules/alias-where-arn-is-needed.ts'
import { strayOverride, unknownPermissions } from './rules/application-stacks.ts'
import { artifactStoreInOtherRegion } from './rules/artifact-store-in-other-region.ts'
import { bucketWithoutEncryptionDenial, bucketWithoutTls } from './rules/bucket-without-denials.ts'
import { cloneReferenceNotBuilt } from './rules/clone-reference-not-built.ts'
import { pipelineNameTwice, stackOfTwoPipelines } from './rules/contended.ts'
import { invalidPolicy } from './rules/invalid-policy.ts'
import { keyLockedOut } from './rules/key-locked-out.ts'
import { passRoleAcrossAccounts } from './rules/pass-role-across-accounts.ts'
import { principalDoesNotExist, principalMustExistFirst } from './rules/principal-does-not-exist.ts'
import { projectWithoutPipelineKey } from './rules/project-without-pipeline-key.ts'
import { publicBucketPolicy } from './rules/public-bucket-policy.ts'
import { refusedDeclaration } from './rules/refused-declaration.ts'
import { refusedLocally } from './rules/refused-locally.ts'
import { roleInNoTemplate } from './rules/role-in-no-template.ts'
import { runtimeEnding } from './rules/runtime-ending.ts'
import { exportOfNothing, parameterWithoutValue, unresolvedReference } from './rules/template-gaps.ts'
import { unknownRegion } from './rules/unknown-region.ts'
import { bucketTellsNothing, connectionPending, noTrail } from './rules/untold-events.ts'
import {
  startRuleDisabled,
  startRuleElsewhere,
  startRuleOfAnotherSource,
  startsTwice,
  twoSourcesOfOne,
} from './rules/what-starts.ts'
import { wholeAccountTrust } from './rules/whole-account-trust.ts'

/** What starts pipelines, and what two of them claim. */
export const startRules: readonly LintRule[] = [
  pipelineNameTwice,
  stackOfTwoPipelines,
  startRuleElsewhere,
  startRuleOfAnotherSource,
  bucketTellsNothing,
  noTrail,
  startRuleDisabled,
  startsTwice,
  twoSourcesOfOne,
  connectionPending,
]

export const lintRules: readonly LintRule[] = [
  unresolvedReference,
  parameterWithoutValue,
  exportOfNothing,
  refusedDeclaration,
  refusedLocally,
  ...startRules,
  roleInNoTemplate,
  artifactStoreInOtherRegion,
  unknownRegion,
  runtimeEnding,
  cloneReferenceNotBuilt,
  strayOverride,
  unknownPermissions,
  principalDoesNotExist,
  publicBucketPolicy,
  invalidPolicy,
  keyLockedOut,
  aliasConditionInKeyPolicy,
  aliasWhereArnIsNeeded,
  projectWithoutPipelineKey,
  principalMustExistFirst,
  passRoleAcrossAccounts,
  adminPolicy,
  wholeAccountTrust,
  bucketWithoutTls,
  bucketWithoutEncryptionDenial,
]

/** Gives what every rule finds, errors first. */
export function lint(subject: LintSubject): Finding[] {
  return lintRules
    .flatMap((rule) => rule.find(subject).map((found): Finding => ({ rule: rule.id, ...found })))
    .sort((one, other) => Number(one.severity === 'warning') - Number(other.severity === 'warning'))
}
