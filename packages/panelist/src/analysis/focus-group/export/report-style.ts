import { reportStyle } from '../../report/style.ts';

/** The survey report's style with additions for discussions. The colours of the initials have no meaning. */
export function groupStyle(printed: string): string {
  return `${reportStyle(printed)}
:root { --bubble: #f3f5f8; --host: #e8f0fb; --bad: #a40e26; }
@media (prefers-color-scheme: dark) { :root { --bubble: #1d232a; --host: #1a2a3f; --bad: #ff8f9c; } }
.people { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: .75rem; padding: 0; list-style: none; }
.people li { border: 1px solid var(--line); border-radius: .5rem; padding: .6rem .8rem; }
.people dl { margin: .35rem 0 0; font-size: .88rem; }
.people dl div { display: flex; gap: .5rem; }
.people dt { color: var(--soft); flex: none; }
.people dd { margin: 0; }
.who { font-weight: 600; display: flex; align-items: center; gap: .5rem; }
.who .soft { font-weight: 400; }
.initial { display: inline-grid; place-items: center; width: 1.7rem; height: 1.7rem; border-radius: 50%; color: #fff;
  font-size: .85rem; flex: none; }
.c0 { background: #1f5fa8; } .c1 { background: #9a3d12; } .c2 { background: #1e6b3a; } .c3 { background: #7a2f8f; }
.c4 { background: #8a5a00; } .c5 { background: #0f6b74; } .c6 { background: #a02552; } .c7 { background: #4b5563; }
section { margin-top: 1.75rem; }
.turn { background: var(--bubble); border-radius: .6rem; padding: .6rem .9rem; margin: .6rem 0 .6rem 1.5rem; break-inside: avoid; }
.turn p { margin: .3rem 0 0; }
.turn.host { background: var(--host); margin-left: 0; }
.turn.missing { border: 1px dashed var(--bad); background: none; }
.turn.missing p { color: var(--bad); }
.theme { margin: 0 0 1.25rem; break-inside: avoid; }
.theme h3 { margin-bottom: .1rem; }
@media (max-width: 40rem) { .turn { margin-left: 0; } }
@media print { :root { --bubble: #fff; --host: #fff; --bad: #000; } .turn { border: 1px solid #bbb; }
  .initial { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`;
}
