import { Hand, type LucideIcon, Radio, SquareTerminal, Timer } from 'lucide-react';
import type { Gate } from '#protocol/model/goal/spec.ts';

/** A shape for what a gate waits for. */
export const GATE_ICONS: Readonly<Record<Gate['kind'], LucideIcon>> = {
  approval: Hand,
  check: SquareTerminal,
  timer: Timer,
  event: Radio,
};

/** Every kind of gate, in the order they are offered. */
export const GATE_KINDS = ['approval', 'check', 'timer', 'event'] as const satisfies readonly Gate['kind'][];
