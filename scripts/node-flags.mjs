/**
 * How the orchestrator's Node is started, and what is measured of it. Small young generations: AIOS runs all day beside ten
 * agents, its three threads would each hold 48 MB for garbage, and a pause to collect it would be longer.
 */
export const NODE_FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4'];
