/** What must be known of the world around a pipeline to tell what it needs. */
import type { ActionDeclaration, Arn, Need, PipelineDeclaration, Target } from '../model/index.ts'
import type { ReportGroupUse } from './build-reports.ts'
import type { ProjectSourceSettings } from './project-source.ts'

/** What a build project is set to do, beside what a pipeline's action asks of it. */
export interface ProjectFacts {
  /** ARN of its CloudWatch log group, without `:*`; empty where it writes none. */
  readonly logGroup: Arn
  /** The objects of its logs in S3. */
  readonly s3Logs?: Arn
  /** The objects of its cache in S3. */
  readonly cache?: Arn
  /** Its buildspec, where that is an object in S3. */
  readonly buildspec?: Arn
  /** Subnets that its builds run in. */
  readonly subnets?: readonly string[]
  /** The ECR repository of its image, and who pulls that. */
  readonly image?: { readonly repository: Arn; readonly pulledBy: 'project' | 'service' }
  /** ECR repositories whose addresses stand in its builds' environment, to push to. */
  readonly repositories?: readonly Arn[]
  /** The secret with the password of its image's registry. */
  readonly registryCredential?: Arn
  /** Where its buildspec reports to; absent where the buildspec is not known. */
  readonly reports?: readonly ReportGroupUse[]
  /** The role that starts the builds of its batches. */
  readonly batchRole?: Arn
  /** Parameters that it or its buildspec puts into the environment. */
  readonly parameters?: readonly Arn[]
  /** Secrets that it or its buildspec puts into the environment. */
  readonly secrets?: readonly Arn[]
  /** Its own sources, which a pipeline that starts its builds takes the place of. */
  readonly sources?: readonly ProjectSourceSettings[]
  /** The objects of its own artifacts in S3, of which the same holds. */
  readonly outputs?: readonly Arn[]
}

/** A CodeBuild project as far as a pipeline's needs depend on it. */
export interface ProjectSurroundings extends Target, ProjectFacts {
  readonly name: string
  readonly arn?: Arn
  readonly serviceRole: Arn
  /** Whether something else makes its log group. */
  readonly logGroupStands?: boolean
  /** Key its output artifacts are encrypted with. AWS: the project's own, never the pipeline's; aws/s3 when absent. */
  readonly encryptionKey?: Arn
}

/** Answers about a pipeline's world; what is not known may stay unanswered, and then gives no needs. */
export interface Surroundings extends Target {
  /** The customer key of the artifact bucket in a region; absent where S3's own key is used. */
  artifactBucketKeyArn(region: string): Arn | undefined
  project(name: string, where: Target): ProjectSurroundings | undefined
  /** The execution role of a Lambda function that an action invokes. */
  functionRole?(name: string, where: Target): Arn | undefined
  /** The customer key of a bucket that is no artifact bucket (of a source or a deployment). */
  bucketKeyArn?(bucket: string): Arn | undefined
  /** Whether a bucket has ACLs, so that what others write into it is not its owner's by itself. */
  hasAcls?(bucket: string): boolean
  /** The name of the configuration that a deployment group of CodeDeploy names. */
  deploymentConfig?(application: string, group: string, where: Target): string | undefined
  /** Whether artifact buckets keep versions, so that artifacts are read by version. Default true. */
  readonly versioned?: boolean
  /** Whether artifact buckets use S3 Bucket Keys, whose encryption context is the bucket's ARN. Default false. */
  readonly bucketKeys?: boolean
}

/** One action with everything around it resolved, as a provider is asked for needs. */
export interface ActionSurroundings {
  readonly pipeline: PipelineDeclaration
  readonly action: ActionDeclaration
  /** The role in effect: the action's own, else the pipeline's. */
  readonly role: Arn
  /** The account of the role in effect: where the action works. */
  readonly account: string
  readonly region: string
  /** The pipeline's account, region and neighbours. */
  readonly surroundings: Surroundings
  /** A configuration value with `*` for references to variables; empty when absent. */
  value(key: string): string
  /** What it takes for a principal to read an artifact in the action's region. */
  reads(principal: Arn, artifact: string, because: string, options?: ReadOptions): Need[]
  /** What it takes for a principal to write an artifact in the action's region, with the store's key or another. */
  writes(principal: Arn, artifact: string, because: string, options?: WriteOptions): Need[]
  /** What it takes for a principal to clone the repository that an artifact refers to; nothing for other artifacts. */
  clones(principal: Arn, artifact: string): Need[]
  /** What it takes for a principal to look at the artifact bucket of the action's region. */
  inspects(principal: Arn, facts: readonly BucketFact[]): Need[]
}

/** What is asked of a bucket. */
export type BucketFact = 'Location' | 'Versioning' | 'Acl'

export interface ReadOptions {
  /** Whether the reader names the object's version; by default as the bucket keeps versions. */
  readonly byVersion?: boolean
}

export interface WriteOptions {
  /** The key the writer uses instead of the store's. */
  readonly key?: Arn
  /**
   * When the writer grants the bucket's owner control by a canned ACL; never where absent.
   * AWS: CodePipeline does where the writer is of another account than the bucket (aws/aws-cdk#14260: CodeCommit's action
   * fails without s3:PutObjectAcl across accounts only), a connection always (aws/aws-cdk#13557).
   */
  readonly acl?: 'across accounts' | 'always'
}
