/** The compute platforms that the embedded cloud deploys on. */
import type { Deployment, Platform } from '../state.ts'
import { ecsPlatform } from './ecs-platform.ts'
import { lambdaPlatform } from './lambda-platform.ts'
import type { PlatformWork } from './platform.ts'

const PLATFORMS: Readonly<Record<Platform, PlatformWork>> = { Lambda: lambdaPlatform, ECS: ecsPlatform }

export const platformOf = ({ platform }: Pick<Deployment, 'platform'>): PlatformWork => PLATFORMS[platform]
