import './bridge/jitless.ts';
import { mount } from 'svelte';
import App from './App.svelte';
import { navigation } from './state/navigation.svelte.ts';
import { session } from './state/session.svelte.ts';
import './theme/app.css';

const target = document.getElementById('app');
if (!target) throw new Error('HS_PAGE_BROKEN: index.html has no element "app"');
navigation.start();
session.start();
mount(App, { target });
