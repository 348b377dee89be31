<?php
// Makes the tables and the settings of a new blog.
define('WP_INSTALLING', true);
require __DIR__ . '/site.php';
require_once getenv('SITE') . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('The Bench Notes', 'mira', 'mira@example.org', true, '', 'only-for-this-test');
update_option('permalink_structure', '/notes/%year%/%postname%/');
update_option('timezone_string', 'Europe/London');
wp_update_user(['ID' => 1, 'display_name' => 'Mira Example']);
